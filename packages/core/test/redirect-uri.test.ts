import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Refusal, lengthLimit, matches, parse, parseLines, reasons } from '../src/redirect-uri.ts'
import { always } from './property.ts'
import { vectors } from './vectors.ts'

const { registered, accepted, refused, unregistrable } = vectors.redirectUri
const outcome = (line: string, quirks?: ReadonlySet<string>) => {
  const parsed = parse(line, quirks)
  return parsed._tag === 'RedirectUri' ? parsed.uri : parsed.refusal
}

/** What people write: addresses put together from good and bad parts, and the contract's own, with a slip now and then. */
const part = (...parts: readonly string[]) => fc.constantFrom(...parts)
const assembled = fc
  .tuple(
    part('https://', 'http://', 'HTTPS://', 'https:', '//', 'javascript:', 'ftp://'),
    part('', '', 'user@', '@'),
    part('app.example.com', 'localhost', '127.0.0.1', '[::1]', 'APP.example.com', '*.example.com', 'bücher.example'),
    part('', '', ':443', ':3000', ':80', ':99999'),
    part('', '/', '/oauth/callback', '/a/../b', '/%2e', '//x@y', '\\\\x', '/a b'),
    part('', '', '?x=1', '#x', '?'),
  )
  .map((parts) => parts.join(''))
const slipped = fc
  .tuple(part(...registered, ...refused), fc.nat(60), fc.string({ maxLength: 1 }), fc.boolean())
  .map(([uri, at, slip, instead]) => uri.slice(0, at) + slip + uri.slice(at + (instead ? 1 : 0)))
const written = fc.oneof(assembled, slipped, part(...registered, ...refused, ...unregistrable), fc.string())

describe('matching', () => {
  it('accepts what the contract accepts', () => {
    for (const uri of accepted) expect(matches(registered, uri)).toBe(true)
  })

  it('R1 refuses every near miss of the contract', () => {
    for (const uri of refused) expect([uri, matches(registered, uri)]).toEqual([uri, false])
  })

  it('R1 refuses forty near misses of a registered address', () => {
    const near = [
      'https://app.example.com/oauth/callback ',
      'https://app.example.com/oauth/callback\t',
      'https://app.example.com/oauth/callback\r\n',
      'https://app.example.com/oauth/callback%0d%0a',
      '\thttps://app.example.com/oauth/callback',
      'HTTPS://app.example.com/oauth/callback',
      'https://app.Example.com/oauth/callback',
      'https://app.example.com./oauth/callback',
      'https://app.example.com//oauth/callback',
      'https://app.example.com/oauth//callback',
      'https://app.example.com/./oauth/callback',
      'https://app.example.com/oauth/callback/.',
      'https://app.example.com/oauth/callback/..',
      'https://app.example.com/oauth/callback/../callback',
      'https://app.example.com/oauth/%2e%2e/oauth/callback',
      'https://app.example.com/oauth%2fcallback',
      'https://app.example.com/oauth\\callback',
      'https:\\\\app.example.com/oauth/callback',
      'https:/app.example.com/oauth/callback',
      'https:///app.example.com/oauth/callback',
      '//app.example.com/oauth/callback',
      '/oauth/callback',
      'https://app.example.com/oauth/callback?',
      'https://app.example.com/oauth/callback?code=1',
      'https://app.example.com/oauth/callback#',
      'https://app.example.com/oauth/callback;x',
      'https://app.example.com/oauth/callback&redirect_uri=https://evil.example',
      'https://app.example.com:8443/oauth/callback',
      'https://@app.example.com/oauth/callback',
      'https://app.example.com@evil.example/oauth/callback',
      'https://evil.example/https://app.example.com/oauth/callback',
      'https://evilapp.example.com/oauth/callback',
      'https://x.app.example.com/oauth/callback',
      'https://app.example.co/oauth/callback',
      'https://app.example.comm/oauth/callback',
      'https://аpp.example.com/oauth/callback',
      'https://app.example.com/oauth/callbacK',
      'https://app.example.com/oauth/callback\u0000',
      'javascript:alert(1)//https://app.example.com/oauth/callback',
      'data:text/html,https://app.example.com/oauth/callback',
      'http://LOCALHOST:3000/oauth/callback',
      'http://localhost/oauth/callback',
      'http://localhost:03000/oauth/callback',
      'http://[::1]:3000/oauth/callback',
    ]
    expect(near.length).toBeGreaterThanOrEqual(40)
    for (const uri of near) expect([uri, matches(registered, uri)]).toEqual([uri, false])
  })

  it('R6 is equality, and nothing else', () => {
    always([fc.array(written, { maxLength: 4 }), written], (list, one) => matches(list, one) === list.includes(one))
  })

  it('R4 forgives the port of a loopback host only where the profile says so', () => {
    const quirks = new Set(['loopback-any-port'])
    const loopback = ['http://localhost:3000/cb', 'http://127.0.0.1/cb?x=1', 'http://[::1]:80']
    for (const uri of [
      'http://localhost:3001/cb',
      'http://localhost/cb',
      'http://127.0.0.1:9/cb?x=1',
      'http://[::1]:65535',
    ]) {
      expect([uri, matches(loopback, uri, quirks)]).toEqual([uri, true])
      expect([uri, matches(loopback, uri)]).toEqual([uri, false])
      expect([uri, matches(loopback, uri, new Set(['http-allowed']))]).toEqual([uri, false])
    }
  })

  it('R4 varies nothing but the port, also then', () => {
    const quirks = new Set(['loopback-any-port'])
    const list = ['http://localhost:3000/cb', 'https://app.example.com/cb']
    const near = [
      'https://localhost:3001/cb',
      'http://localhost:3001/cb/',
      'http://localhost:3001/CB',
      'http://localhost:3001/cb?x',
      'http://localhost:3001/cb#x',
      'http://localhost:3001',
      'http://localhost:3001/',
      'http://localhost:/cb',
      'http://localhost:65536/cb',
      'http://localhost:100000/cb',
      'http://localhost:-1/cb',
      'http://localhost:3001@evil.example/cb',
      'http://localhost.evil.example:3000/cb',
      'http://x@localhost:3001/cb',
      'http://127.0.0.1:3000/cb',
      'http://LOCALHOST:3001/cb',
      ' http://localhost:3001/cb',
      'https://app.example.com:444/cb',
      'xhttp://localhost:3000/cb',
    ]
    for (const uri of near) expect([uri, matches(list, uri, quirks)]).toEqual([uri, false])
    expect(matches(list, 'http://localhost:65535/cb', quirks)).toBe(true)
    for (const uri of ['http://localhost.evil.example', 'http://localhost:1x', 'http://localhost@evil.example'])
      expect([uri, matches(['http://localhost'], uri, quirks)]).toEqual([uri, false])
    // A line break cannot hide what follows it.
    expect(matches(['http://localhost:1/a\nb'], 'http://localhost:2/a\nb', quirks)).toBe(true)
    expect(matches(['http://localhost:1/a\nb'], 'http://localhost:2/a\nc', quirks)).toBe(false)
  })
})

describe('registering', () => {
  it('R5 refuses what the contract refuses', () => {
    for (const line of unregistrable) expect([line, parse(line)._tag]).toEqual([line, 'Refused'])
  })

  it('accepts the common patterns', () => {
    for (const uri of [
      ...registered,
      'https://app.example.com',
      'https://app.example.com/',
      'https://app.example.com/signin-civitai',
      'https://app.example.com:8443/cb?tenant=1',
      'https://127.0.0.1/cb',
      'https://app.example.com/cb//x@y',
      'https://app.example.com/cb?next=//x@y',
      'https://xn--bcher-kva.example/cb',
      'http://localhost',
    ])
      expect(outcome(uri)).toBe(uri)
    expect(outcome('  https://app.example.com/cb\t')).toBe('https://app.example.com/cb')
  })

  const refusals: Record<Refusal, readonly string[]> = {
    Empty: ['', '   '],
    TooLong: [`https://a.example/${'x'.repeat(lengthLimit)}`],
    HasSpaces: [
      'https://a.example/a b',
      'https://a.example/a\tb',
      'https://a.example/\u0000',
      'https://a.example/\u007f',
    ],
    NotAbsolute: ['/cb', 'app.example.com/cb', '//a.example/cb', 'https://'],
    SchemeNotAllowed: [
      'javascript:alert(1)',
      'data:text/html,x',
      'com.example.app://cb',
      'ftp://a.example/cb',
      'file:///x',
    ],
    NeedsHttps: [
      'http://a.example/cb',
      'http://127.0.0.1:3000/cb',
      'http://[::1]:3000/cb',
      'http://localhost./cb',
      'http://localhost.evil.example/cb',
      'http://sub.localhost/cb',
    ],
    HasFragment: ['https://a.example/cb#x', 'https://a.example/cb#'],
    HasUserinfo: [
      'https://u:p@a.example/cb',
      'https://u@a.example/cb',
      'https://@a.example/cb',
      'http://u@localhost/cb',
    ],
    HasWildcard: ['https://*.a.example/cb', 'https://a.example/*', 'https://a.example/cb?x=*'],
    NotNormalised: [
      'HTTPS://a.example/cb',
      'https://A.example/cb',
      'https://a.example:443/cb',
      'http://localhost:80/cb',
      'https://a.example/x/../cb',
      'https://a.example/%2e%2e/cb',
      'https://a.example\\cb',
      'https:a.example/cb',
      'https://bücher.example/cb',
      'https://a.example?x=1',
      'https://a.example/\u202ecb',
    ],
  }
  it.each(Object.entries(refusals))('R5 %s: says what to mend', (refusal, lines) => {
    for (const line of lines) {
      const parsed = parse(line)
      expect(parsed).toMatchObject({ _tag: 'Refused', line, refusal })
      expect(parsed._tag === 'Refused' && parsed.reason.startsWith(reasons[refusal as Refusal])).toBe(true)
    }
  })

  it('has a sentence for each refusal', () => {
    expect(new Set(Object.values(reasons)).size).toBe(Object.keys(refusals).length)
    for (const reason of Object.values(reasons)) expect(reason).toMatch(/^[A-Z].{20,}[.:]$/)
  })

  it('shows the address as browsers send it', () => {
    expect(parse('https://A.example:443/x/../cb')).toMatchObject({
      reason: 'Write the address as browsers send it: https://a.example/cb',
    })
    expect(parse('http://a.example/cb')).toMatchObject({ reason: reasons.NeedsHttps })
  })

  it('accepts an address of exactly the longest length', () => {
    const prefix = 'https://a.example/'
    expect(outcome(prefix + 'x'.repeat(lengthLimit - prefix.length))).toMatch(/^https/)
    expect(outcome(prefix + 'x'.repeat(lengthLimit - prefix.length + 1))).toBe('TooLong')
  })

  it('accepts plain http everywhere with the observed quirk, and nothing else more', () => {
    const quirks = new Set(['http-allowed'])
    expect(outcome('http://a.example/cb', quirks)).toBe('http://a.example/cb')
    expect(outcome('http://127.0.0.1:3000/cb', quirks)).toBe('http://127.0.0.1:3000/cb')
    expect(outcome('ftp://a.example/cb', quirks)).toBe('SchemeNotAllowed')
    expect(outcome('http://a.example/cb', new Set(['loopback-any-port']))).toBe('NeedsHttps')
  })

  it('R5 what is registered is always safe, and an address that a browser sends unchanged', () => {
    always([written], (line) => {
      const parsed = parse(line)
      if (parsed._tag === 'Refused') return
      const { href, protocol, hostname, username, hash } = new URL(parsed.uri)
      expect([parsed.uri, `${parsed.uri}/`]).toContain(href)
      expect(protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost')).toBe(true)
      expect([username, hash, parsed.uri.includes('*')]).toEqual(['', '', false])
      expect(matches([parsed.uri], parsed.uri)).toBe(true)
    })
  })
})

describe("the form's field", () => {
  it('is one URI a line, blank lines and repeats passed over', () => {
    const text = '\n https://a.example/1 \r\nhttps://a.example/2\n\nhttps://a.example/1\n'
    expect(parseLines(text).map((parsed) => parsed._tag === 'RedirectUri' && parsed.uri)).toEqual([
      'https://a.example/1',
      'https://a.example/2',
    ])
  })

  it('needs at least one', () => {
    expect(parseLines(' \n\r\n')).toEqual([{ _tag: 'Refused', line: '', refusal: 'Empty', reason: reasons.Empty }])
  })

  it('refuses each bad line by itself, with the quirks of the profile', () => {
    expect(parseLines('http://a.example\nhttps://a.example').map(({ _tag }) => _tag)).toEqual([
      'Refused',
      'RedirectUri',
    ])
    expect(parseLines('http://a.example', new Set(['http-allowed']))[0]?._tag).toBe('RedirectUri')
  })
})
