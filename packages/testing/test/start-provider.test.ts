import { afterEach, describe, expect, it } from 'vitest'
import { type TestApp, type TestServer, startProvider } from '../src/index.ts'

const redirectUri = 'http://localhost:3000/oauth/callback'
// The pair of RFC 7636's appendix B.
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

let server: TestServer
afterEach(() => server.close())

const authorizeUrl = (app: TestApp, more: Record<string, string> = {}): URL => {
  const url = new URL('/api/auth/oauth/authorize', server.issuer)
  const parameters = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope: '1',
    state: 'abc',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  }
  url.search = String(new URLSearchParams(parameters))
  return url
}

const token = (app: TestApp, fields: Record<string, string>): Promise<Response> =>
  fetch(`${server.issuer}/api/auth/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: app.clientId, client_secret: app.clientSecret ?? '', ...fields }),
  })

const redeem = (app: TestApp, callback: string): Promise<Response> =>
  token(app, {
    grant_type: 'authorization_code',
    code: new URL(callback).searchParams.get('code') ?? '',
    code_verifier: verifier,
    redirect_uri: redirectUri,
  })

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

const begin = async (): Promise<TestApp> => {
  server = await startProvider()
  return server.registerApp({ redirectUris: [redirectUri] })
}

const userinfo = (tokens: Tokens): Promise<Response> =>
  fetch(`${server.issuer}/api/auth/oauth/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } })

describe('a server inside a test', () => {
  it('gives an app what its environment needs', async () => {
    const app = await begin()
    expect(app.env).toEqual({
      CIVITAI_ISSUER: server.issuer,
      CIVITAI_API_ORIGIN: server.issuer,
      CIVITAI_CLIENT_ID: app.clientId,
      CIVITAI_CLIENT_SECRET: app.clientSecret,
    })
    const open = await server.registerApp({ redirectUris: [redirectUri], type: 'public' })
    expect(open.clientSecret).toBeUndefined()
    expect(open.env).not.toHaveProperty('CIVITAI_CLIENT_SECRET')
  })

  it('gives an app of Quaily what its environment needs, and a person of it an API key', async () => {
    await begin()
    const app = await server.registerApp({ redirectUris: [redirectUri], dialect: 'quaily' })
    const base = `${server.issuer}/quaily`
    const { clientId } = app
    const env = { QUAILY_CLIENT_ID: clientId, QUAILY_AUTH_BASE: base, QUAILY_API_BASE: `${base}/api` }
    expect(app).toEqual({ clientId, env })
    const known = await fetch(`${base}/api/users/me`, { headers: { 'x-quail-key': await server.apiKey() } })
    expect(await known.json()).toMatchObject({ data: { name: 'ben' } })
  })

  it('counts requests only where it is asked to', async () => {
    const statuses = async (limits: 'on' | 'off') => {
      await using limited = await startProvider({ limits })
      const answers: number[] = []
      for (let time = 0; time < 21; time++)
        answers.push((await fetch(`${limited.issuer}/api/auth/oauth/revoke`, { method: 'POST' })).status)
      return answers.filter((status) => status === 429).length
    }
    expect([await statuses('on'), await statuses('off')]).toEqual([1, 0])
  })

  it('answers an authorize URL as the person would, and the code is real', async () => {
    const app = await begin()
    const callback = await server.approve(authorizeUrl(app), { user: 'ben' })
    expect(callback.startsWith(`${redirectUri}?`)).toBe(true)
    const tokens = (await (await redeem(app, callback)).json()) as Tokens
    expect(await (await userinfo(tokens)).json()).toMatchObject({ username: 'ben', email: 'ben@example.com' })
  })

  it('denies, and the app is told', async () => {
    const app = await begin()
    const callback = new URL(await server.deny(authorizeUrl(app)))
    expect(callback.searchParams.get('error')).toBe('access_denied')
    expect(callback.searchParams.get('code')).toBeNull()
  })

  it('says what the server said when it redirects nowhere', async () => {
    const app = await begin()
    const wrong = authorizeUrl(app, { redirect_uri: 'http://localhost:3000/elsewhere' })
    await expect(server.approve(wrong)).rejects.toThrow(/answered 400: .*invalid_request/)
    await expect(server.approve('https://example.com/')).rejects.toThrow('not an address of')
    await expect(server.approve(authorizeUrl(app), { user: 'nobody' })).rejects.toThrow('no person named "nobody"')
  })

  it('moves the clock: an access token ends after its hour, a code after its ten minutes', async () => {
    const app = await begin()
    const late = await server.approve(authorizeUrl(app))
    const tokens = (await (await redeem(app, await server.approve(authorizeUrl(app)))).json()) as Tokens
    expect((await userinfo(tokens)).status).toBe(200)
    server.advance(3601)
    expect((await userinfo(tokens)).status).toBe(401)
    expect(await (await redeem(app, late)).json()).toMatchObject({ error: 'invalid_grant' })
  })

  it('disconnects an app: the next refresh is refused', async () => {
    const app = await begin()
    const tokens = (await (await redeem(app, await server.approve(authorizeUrl(app)))).json()) as Tokens
    await server.disconnect('ben', app.clientId)
    const refreshed = await token(app, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token })
    expect(refreshed.status).toBe(400)
    expect(await refreshed.json()).toMatchObject({ error: 'invalid_grant' })
    await expect(server.disconnect('ben', app.clientId)).rejects.toThrow('has not granted')
  })

  it('signs a person in to the portal', async () => {
    await begin()
    const cookie = await server.signIn('mod')
    expect(await server.provider.accounts.current(cookie)).toMatchObject({ person: { username: 'mod', staff: true } })
  })

  it('forgets everything but the samples on a reset', async () => {
    const app = await begin()
    await server.reset()
    await expect(server.approve(authorizeUrl(app))).rejects.toThrow(/answered 400: .*invalid_client/)
  })
})

describe('things broken on purpose', () => {
  const tokensOf = async (app: TestApp): Promise<Tokens> =>
    (await (await redeem(app, await server.approve(authorizeUrl(app)))).json()) as Tokens

  it.each(['429', '503'] as const)('answers %s as often as asked, before any work is done', async (kind) => {
    const app = await begin()
    const callback = await server.approve(authorizeUrl(app))
    server.break({ at: 'token', kind, times: 2 })
    for (const _ of [1, 2]) {
      const refused = await redeem(app, callback)
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([Number(kind), '1'])
    }
    expect((await redeem(app, callback)).status).toBe(200)
  })

  it('does the work and loses the answer, which the server then gives again', async () => {
    const app = await begin()
    const tokens = await tokensOf(app)
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
    server.break({ at: 'token', kind: 'drop', times: 1 })
    await expect(token(app, refresh)).rejects.toThrow()
    const again = await token(app, refresh)
    expect(again.status).toBe(200)
    expect(server.log().filter(({ parameters }) => parameters['grant_type'] === 'refresh_token')).toHaveLength(2)
  })

  it('spoils an answer', async () => {
    const app = await begin()
    const tokens = await tokensOf(app)
    server.break({ at: 'userinfo', kind: 'malformed', times: 1 })
    await expect((await userinfo(tokens)).json()).rejects.toThrow()
    expect((await userinfo(tokens)).status).toBe(200)
  })
})

describe('the log of a server', () => {
  it('T6 says what was asked and answered, and holds no secret, code or token', async () => {
    const app = await begin()
    const callback = await server.approve(authorizeUrl(app))
    const tokens = (await (await redeem(app, callback)).json()) as Tokens
    await userinfo(tokens)
    await redeem(app, callback)
    const log = server.log()
    expect(log.map(({ path, status, error }) => [path.split('/').at(-1), status, error])).toEqual([
      ['authorize', expect.any(Number), undefined],
      ['authorize', expect.any(Number), undefined],
      ['token', 200, undefined],
      ['userinfo', 200, undefined],
      ['token', 400, 'invalid_grant'],
    ])
    const text = JSON.stringify(log)
    const code = new URL(callback).searchParams.get('code') ?? ''
    for (const secret of [app.clientSecret ?? '', code, verifier, tokens.access_token, tokens.refresh_token]) {
      expect(secret.length).toBeGreaterThan(20)
      expect(text).not.toContain(secret)
    }
  })

  it('answers for a person what a device shows', async () => {
    server = await startProvider()
    const app = await server.registerApp({ redirectUris: [redirectUri], type: 'public' })
    const ask = async (path: string, fields: Record<string, string>) => {
      const body = new URLSearchParams({ client_id: app.clientId, ...fields })
      const answer = await fetch(`${server.issuer}/api/auth/oauth/${path}`, { method: 'POST', body })
      return (await answer.json()) as Record<string, string>
    }
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    const allowed = await ask('device', { scope: '1' })
    await server.approveDevice(allowed['user_code'] ?? '')
    const { device_code } = allowed as { device_code: string }
    expect(await ask('device-token', { grant_type, device_code })).toMatchObject({ access_token: expect.any(String) })
    const denied = await ask('device', { scope: '1' })
    await server.denyDevice(denied['user_code'] ?? '', { user: 'ada' })
    const poll = ask('device-token', { grant_type, device_code: denied['device_code'] ?? '' })
    expect(await poll).toMatchObject({ error: 'access_denied' })
    await expect(server.approveDevice('BBBB-BBBB')).rejects.toThrow('unknown or has run out')
    const address = `${server.issuer}/api/auth/oauth/device?user_code=${(await ask('device', { scope: '1' }))['user_code']}`
    await expect(server.approve(address)).rejects.toThrow('approveDevice')
  })
})
