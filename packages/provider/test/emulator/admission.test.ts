import { describe, expect, it } from 'vitest'
import { admit } from '../../src/emulator/admission.ts'

const issuer = 'http://localhost:4100'
const ask = (method: string, headers: Record<string, string>) => admit(method, (name) => headers[name], issuer)
const json = { host: 'localhost:4100', 'content-type': 'application/json' }

describe('the control API', () => {
  it.each([
    ['a program', json],
    ['a program that names an address', { ...json, host: '127.0.0.1:4100' }],
    ['a program that names an IPv6 address', { ...json, host: '[::1]:4100' }],
    ['a program that says its charset', { ...json, 'content-type': 'application/json; charset=utf-8' }],
    ['our own page', { ...json, origin: issuer, 'sec-fetch-site': 'same-origin' }],
  ])('admits %s', (_, headers) => {
    expect(ask('POST', headers)).toEqual({ _tag: 'Admitted' })
  })

  it.each([
    'evil.example',
    'evil.example:4100',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost:4100@evil.example',
    '10.0.0.1',
    '0.0.0.0',
    '',
  ])('O5 refuses the host "%s", to which a name may have been made to point', (host) => {
    expect(ask('POST', { ...json, host })).toMatchObject({ _tag: 'Refused', status: 403 })
    expect(ask('GET', { host })).toMatchObject({ _tag: 'Refused', status: 403 })
  })

  it.each(['https://evil.example', 'http://localhost:4101', 'http://127.0.0.1:4100', 'null', ''])(
    'O5 refuses the origin "%s"',
    (origin) => {
      expect(ask('POST', { ...json, origin })).toMatchObject({ _tag: 'Refused', status: 403 })
      expect(ask('GET', { ...json, origin })).toMatchObject({ _tag: 'Refused', status: 403 })
    },
  )

  it.each(['cross-site', 'same-site', 'CROSS-SITE', 'whatever-comes-next'])(
    'O5 refuses a request that a browser calls %s',
    (site) => {
      expect(ask('GET', { host: 'localhost:4100', 'sec-fetch-site': site })).toMatchObject({ status: 403 })
    },
  )

  it.each([
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'text/plain; application/json',
    'application/jsonp',
  ])('O5 refuses the content type %s', (type) => {
    const headers = type === undefined ? { host: json.host } : { ...json, 'content-type': type }
    expect(ask('POST', headers)).toMatchObject({ _tag: 'Refused', status: 415 })
  })
})
