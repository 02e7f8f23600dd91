import { describe, expect, it } from 'vitest'
import { loginPath, ownPath } from '../../src/lib/return-url.ts'

const origin = 'http://localhost:4100'

describe('where sign-in leads', () => {
  it('goes on to a path of our own, with its query and fragment', () => {
    expect(ownPath('/api/auth/oauth/authorize?client_id=a&state=%2F#x', origin)).toBe(
      '/api/auth/oauth/authorize?client_id=a&state=%2F#x',
    )
    expect(ownPath(`${origin}/account`, origin)).toBe('/account')
  })

  it('K5 goes to the account page for any other site, however it is spelled', () => {
    const foreign = [
      null,
      '',
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
      '/.//evil.example',
      '/x/..//evil.example',
      '/%2e//evil.example',
      'javascript:alert(1)',
      'data:text/html,x',
      'http://localhost:4100@evil.example/',
      'http://user@localhost:4100/',
      'http://localhost:4101/',
      'https://localhost:4100/',
      'http:/\\evil.example',
      'http://[',
      `blob:${origin}/x`,
    ]
    for (const value of foreign) {
      const path = ownPath(value, origin)
      expect(new URL(path, origin).origin, String(value)).toBe(origin)
      expect(path, String(value)).toMatch(/^\/(?!\/)/)
    }
  })

  it('keeps an address whole inside the address of the sign-in page', () => {
    const path = loginPath('/oauth/consent?request=a&b=c')
    expect(new URL(path, origin).searchParams.get('returnUrl')).toBe('/oauth/consent?request=a&b=c')
  })
})
