/** `civitai-oauth serve` on a real Postgres, as an operator, a person and an app meet it. Pages are the built portal's. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cluster, holdTable, startPostgres, waitingOn } from '../../../provider/test/support/postgres.ts'
import { command, freePort, type Running, served } from '../running.ts'

const verifier = 'v'.repeat(50)
const metricsBearer = 'for-the-one-who-counts'
const callback = 'https://app.example.com/oauth/callback'

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly scope: string
}

describe('civitai-oauth serve on Postgres', () => {
  let cluster: Cluster
  let origin: string
  let args: readonly string[]
  let running: Running
  let env: Readonly<Record<string, string>>
  let cookie: string
  let client: { readonly client_id: string; readonly client_secret: string }
  let tokens: Tokens

  beforeAll(async () => {
    cluster = await startPostgres()
    const port = await freePort()
    origin = `http://localhost:${port}`
    args = ['--origin', origin, '--port', String(port), '--drain', '1']
    env = { DATABASE_URL: cluster.url, METRICS_BEARER: metricsBearer }
    running = await served(args, env)
  })
  afterAll(async () => {
    running.stop()
    await running.ended
    await cluster.stop()
  })

  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(origin + path, { redirect: 'manual', headers: { accept: 'text/html', ...headers } })

  const post = (
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ) =>
    fetch(origin + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { accept: 'text/html', origin, ...headers },
      body: new URLSearchParams(fields),
    })

  const refresh = (refresh_token: string) =>
    post('/api/auth/oauth/token', { grant_type: 'refresh_token', refresh_token, ...client })

  const userinfo = (access: string) => get('/api/auth/oauth/userinfo', { authorization: `Bearer ${access}` })

  it('lets a person sign up, whom its operator makes staff', async () => {
    const account = { email: 'ada@example.com', username: 'ada', password: 'correct horse battery' }
    const signedUp = await post('/login?/signUp', account)
    expect(signedUp.status).toBe(303)
    cookie = signedUp.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await get('/account', { cookie })).status).toBe(200)
    expect((await get('/staff', { cookie })).status).toBe(403)
    expect(await command(['staff', 'add', 'ada@example.com'], env)).toMatchObject({
      code: 0,
      out: expect.stringContaining('ada is staff now'),
    })
    expect((await get('/staff', { cookie })).status).toBe(200)
    expect(await command(['staff', 'list'], env)).toEqual({ code: 0, out: 'ada  ada@example.com' })
  })

  it('registers an app, asks the person, and gives the app its tokens', async () => {
    const registered = await post(
      '/account/apps/new',
      {
        name: 'Radio',
        description: '',
        redirectUris: callback,
        preset: 'AI Services',
        presetWas: '',
        type: 'confidential',
      },
      { cookie },
    )
    const page = await registered.text()
    const found = (name: string, form: RegExp) => new RegExp(`${name}=(${form.source})`).exec(page)?.[1] ?? ''
    client = {
      client_id: found('CIVITAI_CLIENT_ID', /[\w-]+/),
      client_secret: found('CIVITAI_CLIENT_SECRET', /civitai_secret_[\w-]+/),
    }
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: callback,
      scope: '114689',
      state: 'a-state',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    const asked = await get(`/api/auth/oauth/authorize?${query}`, { cookie })
    const consent = new URL(asked.headers.get('location') ?? '', origin)
    expect(consent.pathname).toBe('/oauth/consent')
    expect(await (await get(consent.pathname + consent.search, { cookie })).text()).toContain('Radio')
    const answer = { request: consent.searchParams.get('request') ?? '', approved: 'true', remember: 'true' }
    const back = new URL((await post('/api/auth/oauth/authorize', answer, { cookie })).headers.get('location') ?? '')
    expect(back.searchParams.get('iss')).toBe(origin)
    const code = back.searchParams.get('code') ?? ''
    const grant = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: callback }
    tokens = (await (await post('/api/auth/oauth/token', { ...grant, ...client })).json()) as Tokens
    expect(tokens.scope).toBe('114689')
    expect(await (await userinfo(tokens.access_token)).json()).toMatchObject({ username: 'ada' })
  })

  it('counts what it answers, for whoever holds the bearer', async () => {
    expect((await get('/metrics')).status).toBe(401)
    const metrics = await get('/metrics', { authorization: `Bearer ${metricsBearer}` })
    expect(await metrics.text()).toContain('civitai_oauth_requests_total{route="token",status="200"} 1')
  })

  it('X3 says 503 and when to come back on its pages and its wire while the database is away, and recovers', async () => {
    await cluster.down()
    for (const path of ['/account', '/readyz', '/api/auth/oauth/userinfo']) {
      const response = await get(path, { cookie, authorization: `Bearer ${tokens.access_token}` })
      expect([path, response.status]).toEqual([path, 503])
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
    }
    await cluster.up()
    await expect.poll(async () => (await get('/account', { cookie })).status, { timeout: 10_000 }).toBe(200)
    expect(running.said()).toContain('"message":"the database did not answer"')
  })

  it('X4 asked to stop, it is not ready first, answers what is in flight, and ends with exit code 0', async () => {
    const table = await holdTable(cluster.url, 'generations')
    const inFlight = refresh(tokens.refresh_token)
    await expect.poll(() => waitingOn(cluster.url), { timeout: 10_000 }).toBe(1)
    running.stop()
    await expect.poll(async () => (await get('/readyz')).status).toBe(503)
    expect((await get('/healthz')).status).toBe(200)
    await table.release()
    const answer = await inFlight
    expect(answer.status).toBe(200)
    tokens = (await answer.json()) as Tokens
    expect(await running.ended).toBe(0)
  })

  it('F5 started again, it knows everybody and every token, and writes no secret down', async () => {
    running = await served(args, env)
    expect((await get('/account', { cookie })).status).toBe(200)
    expect((await userinfo(tokens.access_token)).status).toBe(200)
    expect((await refresh(tokens.refresh_token)).status).toBe(200)
    for (const secret of [
      client.client_secret,
      tokens.access_token,
      tokens.refresh_token,
      'correct horse',
      metricsBearer,
    ])
      expect(running.said()).not.toContain(secret)
  })
})
