import { afterEach, describe, expect, it } from 'vitest'
import { createProvider, type QuailyOptions } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite/index.ts'
import { type Browser, type Client, issuer, verifier, type World, worldOf } from '../support/world.ts'

const redirectUri = `${issuer}/quaily/oauth/code`
const token = '/quaily/api/oauth/token'

describe('where no source says how Quaily does it', () => {
  let world: World
  let client: Client
  let browser: Browser
  afterEach(() => world.provider.close())

  const begin = async (quaily: QuailyOptions) => {
    world = await worldOf({ quaily })
    const scopes = ['user.public', 'user.full']
    client = await world.register({ dialect: 'quaily', type: 'public', redirectUris: redirectUri, scopes })
    browser = await world.browserOf(world.bob)
  }

  const ask = (query: Readonly<Record<string, string>>) =>
    world.get(
      `/quaily/oauth/authorize?${new URLSearchParams({ client_id: client.id, redirect_uri: redirectUri, scope: 'user.public', ...query })}`,
      { cookie: browser.cookie },
    )

  const codeFor = async (query: Readonly<Record<string, string>>): Promise<string> => {
    const request = world.requestIn(await ask(query))
    const answer = { request, approved: 'true' }
    const back = await world.post('/quaily/oauth/authorize', answer, { origin: issuer, cookie: browser.cookie })
    return world.codeIn(back)
  }

  const exchange = (code: string, more: Readonly<Record<string, string>> = {}) =>
    world.post(token, {
      grant_type: 'authorization_code',
      client_id: client.id,
      redirect_uri: redirectUri,
      code,
      ...more,
    })

  const plain = { code_challenge: verifier, code_challenge_method: 'plain' }
  const tokens = async (response: Response) =>
    (await response.json()) as { readonly access_token: string; readonly refresh_token: string }

  it('PKCE is required unless it is made optional', async () => {
    await begin({})
    expect((await ask({})).status).toBe(400)
  })

  it('C6 C7 where it is optional, a code asked for without a challenge takes no verifier, and one with takes its own', async () => {
    await begin({ pkce: 'optional' })
    expect((await exchange(await codeFor({}))).status).toBe(200)
    expect((await exchange(await codeFor(plain), { code_verifier: verifier })).status).toBe(200)
    for (const [query, sent] of [
      [{}, { code_verifier: verifier }],
      [{}, { code_verifier: 'none' }],
      [plain, {}],
      [plain, { code_verifier: 'none' }],
      [plain, { code_verifier: 'w'.repeat(50) }],
    ] as const) {
      const code = await codeFor(query)
      expect((await exchange(code, sent)).status).toBe(400)
      expect((await exchange(code, query === plain ? { code_verifier: verifier } : {})).status).toBe(400)
    }
    expect((await ask({ code_challenge_method: 'plain' })).status).toBe(400)
    expect((await ask({ code_challenge: 'none', code_challenge_method: 'plain' })).status).toBe(400)
  })

  it('a secret that nothing asks for is checked, or ignored', async () => {
    await begin({})
    const wrong = { code_verifier: verifier, client_secret: 'wrong' }
    expect((await exchange(await codeFor(plain), wrong)).status).toBe(401)
    await world.provider.close()
    await begin({ clientSecret: 'ignored' })
    expect((await exchange(await codeFor(plain), wrong)).status).toBe(200)
  })

  it('the email address takes user.full, or user.public', async () => {
    const emailIn = async () => {
      const { access_token } = await tokens(await exchange(await codeFor(plain), { code_verifier: verifier }))
      const headers = { authorization: `Bearer ${access_token}` }
      return ((await (await world.get('/quaily/api/oauth/userinfo', headers)).json()) as { email?: string }).email
    }
    await begin({})
    expect(await emailIn()).toBeUndefined()
    await world.provider.close()
    await begin({ emailScope: 'user.public' })
    expect(await emailIn()).toBe('bob@example.com')
  })

  it('a refresh token lives a year, or as long as is said', async () => {
    await begin({ refreshLifetime: 3600 })
    const refresh = (refresh_token: string) =>
      world.post(token, { grant_type: 'refresh_token', client_id: client.id, refresh_token })
    const first = await tokens(await exchange(await codeFor(plain), { code_verifier: verifier }))
    world.clock.advance(3599)
    const second = await refresh(first.refresh_token)
    expect(second.status).toBe(200)
    world.clock.advance(3601)
    expect((await refresh((await tokens(second)).refresh_token)).status).toBe(400)
  })

  it('an API key disconnects any app of its person, or none', async () => {
    await begin({ keysDisconnect: 'none' })
    const key = await world.provider.apiKeys.create(world.bob, 'A program')
    const headers = { 'x-quail-key': key._tag === 'Created' ? key.key : '' }
    const disconnect = () =>
      world.provider.fetch(new Request(`${issuer}/quaily/api/oauth/apps/${client.id}`, { method: 'DELETE', headers }))
    expect((await disconnect()).status).toBe(403)
  })

  it.each([
    ['both', ['error', 'error_description', 'code', 'msg'], 400],
    ['rfc6749', ['error', 'error_description'], 400],
    ['quaily', ['code', 'msg'], 400],
  ] as const)('the token endpoint words an error as %s', async (tokenErrors, members, status) => {
    await begin({ tokenErrors })
    const answer = await exchange('code_unknown', { code_verifier: verifier })
    expect(answer.status).toBe(status)
    expect(Object.keys((await answer.json()) as object)).toEqual(members)
  })

  it('an error has the status that its code is given', async () => {
    await begin({ statuses: { '10001': 200, '90004': 400 } })
    expect((await world.get('/quaily/api/users/me')).status).toBe(200)
    expect((await world.get('/quaily/api/apps/none')).status).toBe(400)
    expect((await world.get('/quaily/api/users/me', { 'x-quail-key': 'QK-x' })).status).toBe(401)
  })

  it('what is no choice is refused at the start', async () => {
    await begin({})
    const start = (quaily: object) => createProvider({ issuer, storage: sqlite({ memory: true }), quaily })
    await expect(start({ pkce: 'never' })).rejects.toMatchObject({ _tag: 'OptionsInvalid' })
    await expect(start({ statuses: { '10001': 99 } })).rejects.toMatchObject({ _tag: 'OptionsInvalid' })
    await expect(start({ emails: true })).rejects.toThrow('quaily')
  })
})
