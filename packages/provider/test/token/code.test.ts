import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqlite } from '../../src/sqlite/index.ts'
import { withLatency } from '../support/latency.ts'
import { type Browser, type Client, type Tokens, tokenPath, verifier, type World, worldOf } from '../support/world.ts'

describe('when an app exchanges its code', () => {
  let world: World
  let client: Client
  let browser: Browser
  let code: string

  beforeEach(async () => {
    world = await worldOf()
    client = await world.register()
    browser = await world.browserOf(world.bob)
    code = await world.codeFor(client, browser)
  })
  afterEach(() => world.provider.close())

  const isAlive = async (access: string) => (await world.userinfo(access)).status === 200

  it('gets tokens as documented', async () => {
    const response = await world.exchange(client, code)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^civitai_[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^civitai_[\w-]{43}$/),
      scope: '114689',
    })
  })

  it('C1 a doubled callback is refused and ends nothing', async () => {
    const tokens = (await (await world.exchange(client, code)).json()) as Tokens
    world.clock.advance(30)
    expect(await world.outcome(await world.exchange(client, code))).toBe('invalid_grant')
    expect(await isAlive(tokens.access_token)).toBe(true)
  })

  it.each([
    ['another verifier', { code_verifier: 'w'.repeat(50) }],
    ['another address', { redirect_uri: 'http://localhost:3000/oauth/callback' }],
  ])('C1 a repeat with %s is refused and ends the family at once', async (_, changes) => {
    const tokens = (await (await world.exchange(client, code)).json()) as Tokens
    expect(await world.outcome(await world.exchange(client, code, changes))).toBe('invalid_grant')
    expect(await isAlive(tokens.access_token)).toBe(false)
    expect(await world.outcome(await world.refresh(client, tokens.refresh_token))).toBe('invalid_grant')
  })

  it('C2 after thirty seconds a repeat always ends the family, and is written down', async () => {
    const tokens = (await (await world.exchange(client, code)).json()) as Tokens
    world.clock.advance(31)
    expect(await world.outcome(await world.exchange(client, code))).toBe('invalid_grant')
    expect(await isAlive(tokens.access_token)).toBe(false)
    expect(await world.provider.audit.ofApp(world.ada, client.id)).toMatchObject([{ kind: 'code-reused' }, {}, {}, {}])
  })

  it('C2 also a day after it expired', async () => {
    const tokens = (await (await world.exchange(client, code)).json()) as Tokens
    world.clock.advance(86_400)
    await world.exchange(client, code)
    expect(await world.outcome(await world.refresh(client, tokens.refresh_token))).toBe('invalid_grant')
  })

  it('C1 another sign-in of the same person is left alone', async () => {
    const other = await world.tokensFor(client, browser)
    await world.exchange(client, code)
    world.clock.advance(31)
    await world.exchange(client, code)
    expect(await isAlive(other.access_token)).toBe(true)
  })

  it.each([
    ['verifier', { code_verifier: 'w'.repeat(50) }],
    ['redirect_uri', { redirect_uri: 'http://localhost:3000/oauth/callback' }],
  ])('C4 a wrong %s is refused and burns the code', async (_, changes) => {
    expect(await world.outcome(await world.exchange(client, code, changes))).toBe('invalid_grant')
    expect(await world.outcome(await world.exchange(client, code))).toBe('invalid_grant')
  })

  it('C4 A6 another app is refused and burns the code', async () => {
    const other = await world.register({ name: 'Other' })
    expect(await world.outcome(await world.exchange(other, code))).toBe('invalid_grant')
    expect(await world.outcome(await world.exchange(client, code))).toBe('invalid_grant')
  })

  it.each(['v'.repeat(42), 'v'.repeat(129), `${'v'.repeat(49)}!`, `${'v'.repeat(49)} `])(
    'C5 the verifier %j is refused',
    async (code_verifier) => {
      expect(await world.outcome(await world.exchange(client, code, { code_verifier }))).toBe('invalid_grant')
    },
  )

  it('C7 a challenge and no verifier is refused', async () => {
    const { code_verifier: _, ...fields } = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://app.example.com/oauth/callback',
      code_verifier: verifier,
      ...world.credentials(client),
    }
    expect(await world.outcome(await world.post(tokenPath, fields))).toBe('invalid_request')
  })

  it('C9 lives ten minutes and not a moment longer', async () => {
    world.clock.advance(599)
    const late = await world.codeFor(client, browser)
    world.clock.advance(1)
    expect(await world.outcome(await world.exchange(client, code))).toBe('invalid_grant')
    world.clock.advance(598)
    expect(await world.outcome(await world.exchange(client, late))).toBe('ok')
  })

  it('is refused after the person took the access back, or the app was deleted', async () => {
    const second = await world.codeFor(client, browser)
    await world.provider.grants.revoke(world.bob, client.id)
    expect(await world.outcome(await world.exchange(client, code))).toBe('invalid_grant')
    await world.provider.apps.delete(world.ada, client.id)
    expect(await world.outcome(await world.exchange(client, second))).toBe('invalid_client')
  })

  it('A7 no other grant is served', async () => {
    for (const grant_type of [
      'password',
      'implicit',
      'refresh_token ',
      '',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
    ])
      expect(await world.outcome(await world.exchange(client, code, { grant_type }))).toMatch(
        /unsupported_grant_type|invalid_request/,
      )
  })
})

describe('when fifty callbacks race, with storage that takes its time', () => {
  it('C3 exactly one wins', async () => {
    const world = await worldOf({ storage: withLatency(sqlite({ memory: true })) })
    const client = await world.register()
    const code = await world.codeFor(client, await world.browserOf(world.bob))
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, async () => world.outcome(await world.exchange(client, code))),
    )
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'invalid_grant')).toHaveLength(49)
    await world.provider.close()
  })
})
