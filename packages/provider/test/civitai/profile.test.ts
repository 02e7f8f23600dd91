import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  authorizePath,
  type Browser,
  callback,
  type Client,
  type Tokens,
  tokenPath,
  type World,
  worldOf,
} from '../support/world.ts'

describe('the observed quirks, each by its name', () => {
  let world: World
  let client: Client
  let browser: Browser

  beforeEach(async () => {
    world = await worldOf()
    client = await world.register()
    browser = await world.browserOf(world.bob)
  })
  afterEach(() => world.provider.close())

  const only = (quirk: string) => expect(world.provider.profile.set(`documented,+${quirk}`)).toEqual({ _tag: 'Set' })

  it('no-issuer and redirect-303 change the way back', async () => {
    only('no-issuer')
    const back = await world.answer(browser, world.requestIn(await world.authorize(client, browser)))
    expect(new URL(back.headers.get('location') as string).searchParams.has('iss')).toBe(false)
    only('redirect-303')
    expect((await world.authorize(client, browser)).status).toBe(303)
  })

  it('code-5-minutes', async () => {
    only('code-5-minutes')
    const code = await world.codeFor(client, browser)
    world.clock.advance(300)
    expect(await world.outcome(await world.exchange(client, code))).toBe('invalid_grant')
  })

  it('session-first sends a stranger to sign-in whatever the request is', async () => {
    only('session-first')
    const response = await world.authorize(client, null, { redirect_uri: 'https://evil.example/' })
    expect(response.headers.get('location')).toMatch(/^\/login\?/)
  })

  it('extra-scope-refused', async () => {
    only('extra-scope-refused')
    const asked = world.requestIn(await world.authorize(client, browser, { scope: '16' }))
    expect(await world.outcome(await world.answer(browser, asked))).toBe('invalid_scope')
  })

  it('unnamed-scopes can be registered and asked for', async () => {
    const scopes = ['UserRead', 'LinkConnect']
    const before = await world.provider.apps.register(world.ada, { ...draftOf(client), scopes })
    expect(before._tag).toBe('Invalid')
    only('unnamed-scopes')
    const odd = await world.register({ scopes })
    const wide = String(1 + 2 ** 27)
    expect((await world.tokensFor(odd, browser, { scope: wide })).scope).toBe(wide)
    world.provider.profile.set('documented')
    expect((await world.authorize(odd, browser, { scope: wide })).status).toBe(400)
  })

  it('refresh-ignores-scope', async () => {
    only('refresh-ignores-scope')
    const tokens = await world.tokensFor(client, browser)
    const answer = await world.refresh(client, tokens.refresh_token, { scope: '1' })
    expect(await answer.json()).toMatchObject({ scope: '114689' })
  })

  it.each([
    ['scope-as-array', ['114689']],
    ['scope-as-number', 114_689],
  ])('%s', async (quirk, scope) => {
    only(quirk)
    expect(((await world.tokensFor(client, browser)) as { readonly scope: unknown }).scope).toEqual(scope)
  })

  it('http-allowed accepts plain http for every host', async () => {
    const redirectUris = 'http://app.example.com/cb'
    const draft = { ...draftOf(client), redirectUris }
    expect((await world.provider.apps.register(world.ada, draft))._tag).toBe('Invalid')
    only('http-allowed')
    expect((await world.provider.apps.register(world.ada, draft))._tag).toBe('Registered')
  })

  it('openid-discovery-only', async () => {
    const path = '/.well-known/oauth-authorization-server'
    expect((await world.get(path)).status).toBe(200)
    only('openid-discovery-only')
    expect((await world.get(path)).status).toBe(404)
  })

  it('the discovery documents promise what the profile does: iss, devices, introspection', async () => {
    const promised = async () => {
      const document = (await (await world.get('/.well-known/openid-configuration')).json()) as Record<string, unknown>
      return [
        document['authorization_response_iss_parameter_supported'],
        'device_authorization_endpoint' in document,
        'introspection_endpoint' in document,
      ]
    }
    expect(await promised()).toEqual([true, true, true])
    world.provider.profile.set('observed')
    expect(await promised()).toEqual([false, true, true])
    world.provider.profile.set('observed,-device-flow,-introspection,-no-issuer')
    expect(await promised()).toEqual([true, false, false])
  })

  it('device-flow and introspection are there in either profile, unless one runs without them', async () => {
    const ask = async (path: string) =>
      (await world.post(`/api/auth/oauth/${path}`, { token: 'x', ...world.credentials(client), scope: '1' })).status
    expect([await ask('device'), await ask('introspect')]).toEqual([200, 200])
    world.provider.profile.set('observed')
    expect([await ask('device'), await ask('introspect')]).toEqual([200, 200])
    for (const profile of ['observed', 'documented']) {
      world.provider.profile.set(`${profile},-device-flow,-introspection`)
      expect([await ask('device'), await ask('introspect')]).toEqual([404, 404])
    }
  })

  it('what is no profile is refused with a reason, and nothing changes', () => {
    expect(world.provider.profile.set('documented,+nonsense')).toMatchObject({ _tag: 'Refused' })
    expect(world.provider.profile.current()).toBe('documented')
  })

  it('the legacy host answers 308 to the issuer, and with legacy-proxied all but authorize itself', async () => {
    const query = world.authorizeQuery(client)
    const moved = await world.get(`/legacy${authorizePath}?${query}`)
    expect(moved.status).toBe(308)
    expect(moved.headers.get('location')).toBe(`http://localhost:4100${authorizePath}?${query}`)
    const code = await world.codeFor(client, browser)
    const exchange = () =>
      world.post(`/legacy${tokenPath}`, {
        grant_type: 'authorization_code',
        code,
        code_verifier: 'v'.repeat(50),
        redirect_uri: callback,
        ...world.credentials(client),
      })
    expect((await exchange()).headers.get('location')).toBe(`http://localhost:4100${tokenPath}`)
    only('legacy-proxied')
    expect(((await (await exchange()).json()) as Tokens).access_token).toMatch(/^civitai_/)
    expect((await world.get(`/legacy${authorizePath}?${query}`)).status).toBe(308)
  })
})

describe('introspection', () => {
  it("A6 says nothing about another dialect's token, whose scopes would read as others here", async () => {
    const world = await worldOf({ introspectors: ['resource-server'] })
    const settled = { clientId: 'resource-server', secret: 'a-secret' }
    await world.provider.admin.registerApp(world.ada, draftOf(await world.register()), settled)
    const redirectUri = 'https://q.example.com/cb'
    const app = await world.register({ dialect: 'quaily', scopes: ['user.public'], redirectUris: redirectUri })
    const created = await world.provider.apiKeys.create(world.bob, 'laptop')
    if (created._tag !== 'Created') throw new Error('not created')
    const query = new URLSearchParams({
      client_id: app.id,
      redirect_uri: redirectUri,
      scope: 'user.public',
      code_challenge: 'v'.repeat(50),
      code_challenge_method: 'plain',
      json: 'true',
    })
    const approved = await world.get(`/quaily/api/oauth/authorize?${query}`, { 'x-quail-key': created.key })
    const { data } = (await approved.json()) as { readonly data: { readonly code: string } }
    const exchanged = await world.post('/quaily/api/oauth/token', {
      grant_type: 'authorization_code',
      code: data.code,
      code_verifier: 'v'.repeat(50),
      redirect_uri: redirectUri,
      client_id: app.id,
    })
    const { access_token: token } = (await exchanged.json()) as Tokens
    expect(token).toMatch(/./)
    const asked = { token, client_id: 'resource-server', client_secret: 'a-secret' }
    expect(await (await world.post('/api/auth/oauth/introspect', asked)).json()).toEqual({ active: false })
    await world.provider.close()
  })

  it('tells an app about its own tokens, one on the list about any, and everybody else nothing', async () => {
    const world = await worldOf()
    const [client, other] = [await world.register(), await world.register()]
    const tokens = await world.tokensFor(client, await world.browserOf(world.bob))
    const ask = async (as: Client, token: string) => {
      const response = await world.post('/api/auth/oauth/introspect', { token, ...world.credentials(as) })
      return (await response.json()) as Record<string, unknown>
    }
    expect(await ask(client, tokens.access_token)).toMatchObject({
      active: true,
      client_id: client.id,
      sub: String(world.bob.id),
      scope: '114689',
      exp: world.clock.now() / 1000 + 3600,
    })
    expect(await ask(other, tokens.access_token)).toEqual({ active: false })
    expect(await ask(client, 'nonsense')).toEqual({ active: false })
    await world.provider.grants.revoke(world.bob, client.id)
    expect(await ask(client, tokens.access_token)).toEqual({ active: false })
    const open = await world.register({ type: 'public' })
    expect(await ask(open, tokens.access_token)).toMatchObject({ error: 'invalid_client' })
    await world.provider.close()
  })
})

const draftOf = ({ app }: Client) => ({
  name: app.name,
  description: app.description,
  redirectUris: app.redirectUris.join('\n'),
  scopes: app.allowedScopes,
  type: app.type,
  dialect: app.dialect,
})
