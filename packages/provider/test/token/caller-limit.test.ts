import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deviceGrant } from '../../src/device/device-grant.ts'
import { aiServices, type Client, issuer, type Tokens, tokenPath, type World, worldOf } from '../support/world.ts'

const devicePath = '/api/auth/oauth/device'
const introspectPath = '/api/auth/oauth/introspect'

describe('whom a request to the token endpoint counts for', () => {
  let world: World
  let open: Client
  let confidential: Client

  beforeEach(async () => {
    world = await worldOf({ limits: { introspect: { times: 20, seconds: 60 } } })
    open = await world.register({ type: 'public' })
    confidential = await world.register()
  })
  afterEach(() => world.provider.close())

  const postFrom = (address: string, fields: Readonly<Record<string, string>>, path = tokenPath) =>
    world.provider.fetch(
      new Request(issuer + path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      }),
      { address },
    )
  const refreshFrom = (address: string, client: Client, token = 'x', changes: Readonly<Record<string, string>> = {}) =>
    postFrom(address, {
      grant_type: 'refresh_token',
      refresh_token: token,
      ...world.credentials(client),
      ...changes,
    })
  /** How many of 25 requests were answered with each status. */
  const statuses = async (ask: () => Promise<Response>): Promise<Readonly<Record<number, number>>> => {
    const counted: Record<number, number> = {}
    for (let time = 0; time < 25; time++) {
      const { status } = await ask()
      counted[status] = (counted[status] ?? 0) + 1
    }
    return counted
  }
  const signedIn = async (client: Client): Promise<Tokens> => world.tokensFor(client, await world.browserOf(world.bob))

  it('A5 whoever guesses at a secret uses up their own requests, and none of the app’s', async () => {
    const guess = () => refreshFrom('192.0.2.1', confidential, 'x', { client_secret: 'guessed' })
    expect(await statuses(guess)).toEqual({ 401: 20, 429: 5 })
    expect((await guess()).headers.get('retry-after')).toBe('60')
    expect((await refreshFrom('192.0.2.2', confidential, 'x', { client_secret: 'guessed' })).status).toBe(401)
    expect(await statuses(() => refreshFrom('192.0.2.1', confidential))).toEqual({ 400: 20, 429: 5 })
  })

  it('A5 whoever knows a public app’s id uses up their own requests, and none of its people’s', async () => {
    const { refresh_token } = await signedIn(open)
    expect(await statuses(() => refreshFrom('192.0.2.1', open))).toEqual({ 400: 20, 429: 5 })
    expect((await refreshFrom('192.0.2.2', open, refresh_token)).status).toBe(200)
  })

  it('F3 a public app above its rate is told when to come back, and nothing is spent', async () => {
    let tokens = await signedIn(open)
    for (let time = 0; time < 19; time++)
      tokens = (await (await refreshFrom(`192.0.2.${time}`, open, tokens.refresh_token)).json()) as Tokens
    const refused = await refreshFrom('192.0.2.99', open, tokens.refresh_token)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    world.clock.advance(60)
    expect((await refreshFrom('192.0.2.99', open, tokens.refresh_token)).status).toBe(200)
  })

  it('A5 introspection and the start of a device sign-in are not used up from elsewhere either', async () => {
    const ask = (address: string, secret: string) =>
      postFrom(address, { token: 'x', client_id: confidential.id, client_secret: secret }, introspectPath)
    expect(await statuses(() => ask('192.0.2.1', 'guessed'))).toEqual({ 401: 20, 429: 5 })
    expect((await ask('192.0.2.1', confidential.secret as string)).status).toBe(200)
    const start = (address: string) => postFrom(address, { client_id: open.id, scope: aiServices }, devicePath)
    expect(await statuses(() => start('192.0.2.1'))).toEqual({ 200: 20, 429: 5 })
    expect((await start('192.0.2.2')).status).toBe(200)
  })

  describe('when devices wait', () => {
    const begin = async (): Promise<string> => {
      const started = await postFrom('192.0.2.1', { client_id: open.id, scope: aiServices }, devicePath)
      return ((await started.json()) as { readonly device_code: string }).device_code
    }
    const poll = (device_code: string, address = '192.0.2.1') =>
      postFrom(address, { grant_type: deviceGrant, device_code, client_id: open.id })

    it('C3 each counts for itself: many of them leave the app’s requests and each other alone', async () => {
      const { refresh_token } = await signedIn(open)
      const devices = await Promise.all([begin(), begin(), begin(), begin()])
      for (let time = 0; time < 11; time++) {
        for (const code of devices) expect(await world.outcome(await poll(code))).toBe('authorization_pending')
        world.clock.advance(5)
      }
      expect((await refreshFrom('192.0.2.1', open, refresh_token)).status).toBe(200)
    })

    it('A5 one that does not slow down gets 429, and codes that are made up do', async () => {
      const code = await begin()
      expect(await statuses(() => poll(code))).toEqual({ 400: 20, 429: 5 })
      let made = 0
      expect(await statuses(() => poll(`made-up-${made++}`, '192.0.2.7'))).toEqual({ 400: 20, 429: 5 })
    })
  })
})
