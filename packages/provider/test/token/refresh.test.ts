import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqlite } from '../../src/sqlite/index.ts'
import { withLatency } from '../support/latency.ts'
import { type Browser, type Client, draft, type Tokens, type World, worldOf } from '../support/world.ts'

const day = 86_400

describe('when an app refreshes', () => {
  let world: World
  let client: Client
  let browser: Browser
  let first: Tokens

  beforeEach(async () => {
    world = await worldOf()
    client = await world.register()
    browser = await world.browserOf(world.bob)
    first = await world.tokensFor(client, browser)
  })
  afterEach(() => world.provider.close())

  const refreshed = async (token: string, changes = {}): Promise<Tokens> => {
    const response = await world.refresh(client, token, changes)
    expect(response.status).toBe(200)
    return (await response.json()) as Tokens
  }
  const isAlive = async (access: string) => (await world.userinfo(access)).status === 200
  const refused = async (token: string) =>
    expect(await world.outcome(await world.refresh(client, token))).toBe('invalid_grant')

  it('both tokens change, and the new ones work', async () => {
    const second = await refreshed(first.refresh_token)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(second.access_token).not.toBe(first.access_token)
    expect(second).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: '114689' })
    expect(await isAlive(second.access_token)).toBe(true)
  })

  it('the access token before it lives on for the replay window, and no longer', async () => {
    await refreshed(first.refresh_token)
    world.clock.advance(29)
    expect(await isAlive(first.access_token)).toBe(true)
    world.clock.advance(1)
    expect(await isAlive(first.access_token)).toBe(false)
  })

  it('F3 a retry after a lost answer gets the identical answer, for thirty seconds', async () => {
    const lost = await (await world.refresh(client, first.refresh_token)).text()
    world.clock.advance(30)
    expect(await (await world.refresh(client, first.refresh_token)).text()).toBe(lost)
  })

  it('F3 also when the answer had been narrowed and the app edited since', async () => {
    const lost = await (await world.refresh(client, first.refresh_token, { scope: '65537' })).text()
    await world.provider.apps.edit(world.ada, client.id, 1, { ...draft, scopes: [] })
    expect(await (await world.refresh(client, first.refresh_token)).text()).toBe(lost)
  })

  it('F1 reuse after that ends the family, and no other of the grant, and is written down', async () => {
    const other = await world.tokensFor(client, browser)
    const second = await refreshed(first.refresh_token)
    world.clock.advance(31)
    await refused(first.refresh_token)
    await refused(second.refresh_token)
    expect(await isAlive(second.access_token)).toBe(false)
    expect(await isAlive(other.access_token)).toBe(true)
    await refreshed(other.refresh_token)
    const kinds = (await world.provider.audit.ofApp(world.ada, client.id)).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'token-reused')).toHaveLength(1)
  })

  it('F4 twice in one second works', async () => {
    const second = await refreshed(first.refresh_token)
    const third = await refreshed(second.refresh_token)
    expect(await isAlive(third.access_token)).toBe(true)
    expect(new Set([first, second, third].map(({ refresh_token }) => refresh_token)).size).toBe(3)
  })

  it('F6 is refused after revocation, removal and deletion, at once', async () => {
    const second = await refreshed(first.refresh_token)
    await world.post('/api/auth/oauth/revoke', { token: second.refresh_token, ...world.credentials(client) })
    await refused(second.refresh_token)
    expect(await isAlive(second.access_token)).toBe(false)
    const other = await world.tokensFor(client, browser)
    await world.provider.grants.revoke(world.bob, client.id)
    await refused(other.refresh_token)
    expect(await isAlive(other.access_token)).toBe(false)
    const last = await world.tokensFor(client, browser)
    await world.provider.apps.delete(world.ada, client.id)
    expect(await world.outcome(await world.refresh(client, last.refresh_token))).toBe('invalid_client')
    expect(await isAlive(last.access_token)).toBe(false)
  })

  it('a grant that is given anew does not revive what was ended', async () => {
    await world.provider.grants.revoke(world.bob, client.id)
    const again = await world.tokensFor(client, browser)
    await refused(first.refresh_token)
    expect(await isAlive(first.access_token)).toBe(false)
    expect(await isAlive(again.access_token)).toBe(true)
  })

  it('F7 a refresh token lives thirty days, and a sign-in a year, however often it is refreshed', async () => {
    world.clock.advance(30 * day - 1)
    let tokens = await refreshed(first.refresh_token)
    for (let month = 1; month < 12; month++) {
      world.clock.advance(30 * day - 1)
      tokens = await refreshed(tokens.refresh_token)
    }
    world.clock.advance(5 * day + 12)
    await refused(tokens.refresh_token)
    const fresh = await world.tokensFor(client, await world.browserOf(world.bob))
    world.clock.advance(30 * day)
    await refused(fresh.refresh_token)
  })

  it('F8 the scope narrows, never widens, and a narrowed answer does not shrink the grant', async () => {
    const wide = await world.refresh(client, first.refresh_token, { scope: '33554431' })
    expect(await world.outcome(wide)).toBe('invalid_scope')
    const narrow = await refreshed(first.refresh_token, { scope: '65536' })
    expect(narrow.scope).toBe('65537')
    expect((await refreshed(narrow.refresh_token)).scope).toBe('114689')
  })

  it('F9 A6 another app is refused, and nothing ends', async () => {
    const other = await world.register({ name: 'Other' })
    expect(await world.outcome(await world.refresh(other, first.refresh_token))).toBe('invalid_grant')
    await refreshed(first.refresh_token)
  })

  it('F10 follows the permissions of the app as they stand', async () => {
    await world.provider.apps.edit(world.ada, client.id, 1, { ...draft, scopes: ['BuzzRead'] })
    expect((await refreshed(first.refresh_token)).scope).toBe('65537')
  })

  it('an access token is no refresh token, and the other way round', async () => {
    await refused(first.access_token)
    expect(await isAlive(first.refresh_token)).toBe(false)
  })

  it('the quirk no-refresh-grace refuses a spent token at once and ends nothing', async () => {
    world.provider.profile.set('documented,+no-refresh-grace')
    const second = await refreshed(first.refresh_token)
    await refused(first.refresh_token)
    expect(await isAlive(second.access_token)).toBe(true)
  })
})

describe('when many refresh at once, with storage that takes its time', () => {
  it('F2 there is one next generation, and every caller gets that answer', async () => {
    const world = await worldOf({ storage: withLatency(sqlite({ memory: true })) })
    const client = await world.register()
    const tokens = await world.tokensFor(client, await world.browserOf(world.bob))
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => (await world.refresh(client, tokens.refresh_token)).text()),
    )
    expect(new Set(answers).size).toBe(1)
    const next = JSON.parse(answers[0] as string) as Tokens
    expect((await world.userinfo(next.access_token)).status).toBe(200)
    await world.provider.close()
  })

  it('F6 a refresh racing removal, rotation or deletion never leaves a live token', async () => {
    const world = await worldOf({ storage: withLatency(sqlite({ memory: true }), 0, 6) })
    const browser = await world.browserOf(world.bob)
    const client = await world.register()
    const endings = [
      () => world.provider.grants.revoke(world.bob, client.id),
      () => world.provider.apps.delete(world.ada, client.id),
    ]
    for (const end of endings) {
      const tokens = await world.tokensFor(client, browser)
      const [answers] = await Promise.all([
        Promise.all(Array.from({ length: 10 }, async () => (await world.refresh(client, tokens.refresh_token)).json())),
        end(),
      ])
      for (const answer of [tokens, ...answers] as readonly Partial<Tokens>[])
        if (answer.access_token) expect((await world.userinfo(answer.access_token)).status).toBe(401)
    }
    await world.provider.close()
  })
})

describe('when the server restarts', () => {
  it('F5 spent tokens stay spent, and a lost answer is still given again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
    const file = join(folder, 'data.sqlite')
    const before = await worldOf({ storage: sqlite({ file }) })
    const client = await before.register()
    const tokens = await before.tokensFor(client, await before.browserOf(before.bob))
    const lost = await (await before.refresh(client, tokens.refresh_token)).text()
    await before.provider.close()

    const source = sqlite({ file })
    const { createProvider } = await import('../../src/index.ts')
    const after = await createProvider({
      issuer: 'http://localhost:4100',
      storage: source,
      clock: before.clock,
      limits: 'off',
    })
    const again = () =>
      after.fetch(
        new Request('http://localhost:4100/api/auth/oauth/token', {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({
            grant_type: 'refresh_token',
            refresh_token: tokens.refresh_token,
            ...before.credentials(client),
          }).toString(),
        }),
      )
    expect(await (await again()).text()).toBe(lost)
    before.clock.advance(31)
    expect(await (await again()).json()).toMatchObject({ error: 'invalid_grant' })
    await after.close()
    rmSync(folder, { recursive: true })
  })
})
