import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { returnTo } from '../src/return-to.ts'
import { always, patience } from './property.ts'

const origin = 'https://app.test'

describe('where a person goes after signing in', () => {
  it.each(['/', '/gallery', '/gallery?page=2#top', '/a//b', '/%2F%2Fevil.test', '/search?q=https://evil.test'])(
    'is the path they came from: %s',
    (path) => expect(returnTo(path, origin)).toBe(path),
  )

  it('may be given as an address on our own origin', () => {
    expect(returnTo('https://app.test/gallery', origin)).toBe('/gallery')
  })

  it.each([
    'https://evil.test',
    'https://evil.test/',
    '//evil.test',
    '///evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '\\/evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    '\u0000//evil.test',
    ' //evil.test',
    'https:evil.test',
    'https:/\\evil.test',
    'HTTPS://EVIL.TEST',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'blob:https://app.test/1',
    'https://app.test@evil.test/',
    'https://user:pass@app.test/',
    'https://app.test.evil.test/',
    'https://app.test:444/',
    'http://app.test/',
    '/..//evil.test',
    '/.//evil.test',
    '/a/..//evil.test',
    'https://app.test//evil.test',
    '//app.test//evil.test',
    '/%09/\r\nLocation: https://evil.test',
    'https://[',
  ])('K5 is never another origin: %j', (value) => expect(returnTo(value, origin)).toBe('/'))

  it('K5 stays on our origin for anything at all', { timeout: patience }, () => {
    const pieces = [
      '/',
      '\\',
      '//',
      'evil.test',
      'https:',
      '@',
      ':',
      '..',
      '.',
      '?',
      '#',
      '\t',
      ' ',
      '%2f',
      'a',
      'app.test',
    ]
    const spliced = fc.array(fc.constantFrom(...pieces), { maxLength: 10 }).map((parts) => parts.join(''))
    always(fc.oneof(fc.string(), fc.webUrl(), spliced), (value) => {
      const path = returnTo(value, origin)
      return /^\/(?!\/)/.test(path) && new URL(path, origin).origin === origin
    })
  })

  it('is the start page when nothing was asked for', () => {
    expect(returnTo(null, origin)).toBe('/')
    expect(returnTo('', origin)).toBe('/')
  })
})
