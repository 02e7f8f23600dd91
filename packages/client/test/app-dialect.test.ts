/** Another server, as a value. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { standardDialect } from '../src/app-dialect.ts'
import { createCivitaiAuth } from '../src/auth.ts'
import { Browser } from './browser.ts'

const given = {
  issuer: 'https://id.acme.example',
  endpoints: { authorize: '/auth', token: '/token', userinfo: '/me' },
  scopes: ['openid', 'profile', 'files.write'],
} as const
const env = { CIVITAI_CLIENT_ID: 'an-app', CIVITAI_SESSION_SECRET: 'x'.repeat(32), CIVITAI_ORIGIN: 'https://app.test' }

const leavingFor = async (options: Parameters<typeof createCivitaiAuth>[0]) => {
  const auth = createCivitaiAuth({ env, ...options })
  const browser = new Browser('https://app.test', (request) => auth.handle(request, () => new Response()))
  return new URL((await browser.visit('/oauth/sign-in')).headers.get('location') as string)
}

describe('another server', () => {
  const acme = standardDialect(given)

  it('has its scopes as words, in its own order, and no others', () => {
    const { scopes } = acme
    expect(scopes.format(['profile', 'openid'])).toBe('openid profile')
    expect(scopes.parse('profile openid offline_access')).toEqual(['openid', 'profile'])
    expect(scopes.parse(['openid'])).toBeUndefined()
    expect([scopes.isKnown('openid'), scopes.isKnown('offline_access')]).toEqual([true, false])
    expect(scopes.contains(['openid', 'profile'], ['profile'])).toBe(true)
    expect(scopes.contains(['openid'], ['files.write'])).toBe(false)
  })

  it('is where a person is sent, with what every sign-in asks for and what the app does', async () => {
    const address = await leavingFor({
      dialect: standardDialect({ ...given, baseline: ['openid'] }),
      scopes: ['profile'],
    })
    expect(address.origin + address.pathname).toBe('https://id.acme.example/auth')
    expect(address.searchParams.get('scope')).toBe('openid profile')
  })

  it('is asked for no scope at all where the app wants none', async () => {
    expect((await leavingFor({ dialect: acme })).searchParams.has('scope')).toBe(false)
  })

  it('may be elsewhere for a test, and have its API elsewhere', async () => {
    const apart = standardDialect({ ...given, api: 'https://api.acme.example' })
    const auth = createCivitaiAuth({ dialect: apart, env })
    expect(auth.sendsBearerTo('https://api.acme.example/files')).toBe(true)
    expect(auth.sendsBearerTo('https://civitai.com/api/v1/me')).toBe(false)
    const local = await leavingFor({ dialect: apart, issuer: 'http://localhost:4100' })
    expect(local.origin).toBe('http://localhost:4100')
  })

  it('complains of a scope that it does not have, in types and at the start', () => {
    const auth = createCivitaiAuth({ dialect: acme, env })
    expectTypeOf(auth.signInPath)
      .parameter(0)
      .toEqualTypeOf<
        { readonly returnTo?: string; readonly scopes?: readonly ('openid' | 'profile' | 'files.write')[] } | undefined
      >()
    // @ts-expect-error -- Acme has no such scope
    expect(() => createCivitaiAuth({ dialect: acme, scopes: ['UserRead'], env })).toThrow('Unknown scope: UserRead.')
  })
})
