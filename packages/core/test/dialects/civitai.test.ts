import { describe, expect, it } from 'vitest'
import { issuerRequired } from '../../src/dialect.ts'
import { civitai } from '../../src/dialects/civitai.ts'
import { quaily } from '../../src/dialects/quaily.ts'

describe('the Civitai dialect', () => {
  it('is what the wire contract says', () => {
    const { scopes, quirks, ...rest } = civitai
    expect(rest).toEqual({
      name: 'civitai',
      title: 'Civitai',
      hosts: 'one',
      production: { auth: 'https://auth.civitai.com', api: 'https://civitai.com' },
      endpoints: {
        authorize: '/api/auth/oauth/authorize',
        token: '/api/auth/oauth/token',
        userinfo: '/api/auth/oauth/userinfo',
        revoke: '/api/auth/oauth/revoke',
      },
      pkce: { required: true, methods: ['S256'], absent: null },
      state: 'required',
      responseType: 'required',
      clientAuthentication: 'client_secret_post',
      grants: ['authorization_code', 'refresh_token', 'client_credentials'],
      redirectUris: 'list',
      trust: { flag: 'isVerified', effect: 'badge' },
      lifetimes: { code: 600, access: 3600, refresh: 2_592_000 },
      tokenPrefix: 'civitai_',
      accessSurvivesRefresh: false,
      echoesScope: true,
      sendsExpiry: false,
      envelope: 'none',
      errors: 'rfc6749',
      subject: 'public',
      revokes: 'token',
      buzzLimits: true,
      discovery: true,
      sendsIssuer: true,
    })
    expect(Object.keys(quirks).length).toBeGreaterThan(0)
    expect(scopes.wire).toBe('bitmask')
  })

  it('has scopes as one decimal number, and knows the observed ones', () => {
    const { parse, format, label, isKnown, contains, setOf, withImplied, baseline, trustedOnly } = civitai.scopes
    expect(format(parse('114689') ?? [])).toBe('114689')
    expect(label('AIServicesWrite')).toBe('Generate, train & scan')
    expect([isKnown('LinkConnect'), isKnown('user.full')]).toEqual([true, false])
    expect(contains(['UserRead', 'BuzzRead'], ['BuzzRead'])).toBe(true)
    expect(setOf(['BuzzRead', 'x', 'UserRead'])).toEqual(['UserRead', 'BuzzRead'])
    expect(withImplied(['UserWrite'])).toEqual(['UserWrite'])
    expect([baseline, trustedOnly]).toEqual([['UserRead'], []])
  })
})

describe('K2 a callback without an issuer', () => {
  it('is refused where the dialect sends one, but for production, which was observed not to', () => {
    expect(issuerRequired(civitai, 'http://localhost:4100')).toBe(true)
    expect(issuerRequired(civitai, 'https://auth.civitai.com')).toBe(false)
    expect(issuerRequired({ ...civitai, quirks: {} }, 'https://auth.civitai.com')).toBe(true)
    expect(issuerRequired(quaily, 'http://localhost:4100/quaily')).toBe(false)
  })
})
