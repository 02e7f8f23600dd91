import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProvider, type Storage, StorageUnavailable } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite/index.ts'
import { type Browser, type Client, issuer, revokePath, type World, worldOf } from '../support/world.ts'

describe('when an app or a person revokes a token', () => {
  let world: World
  let client: Client
  let browser: Browser

  beforeEach(async () => {
    world = await worldOf()
    client = await world.register()
    browser = await world.browserOf(world.bob)
  })
  afterEach(() => world.provider.close())

  const revoke = (token: string, more: Readonly<Record<string, string>> = world.credentials(client)) =>
    world.post(revokePath, { token, ...more })

  it('a refresh token takes the access tokens it minted with it, at once', async () => {
    const tokens = await world.tokensFor(client, browser)
    const response = await revoke(tokens.refresh_token)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({})
    expect((await world.userinfo(tokens.access_token)).status).toBe(401)
  })

  it('an access token ends alone: the sign-in goes on', async () => {
    const tokens = await world.tokensFor(client, browser)
    await revoke(tokens.access_token, { token_type_hint: 'refresh_token', ...world.credentials(client) })
    expect((await world.userinfo(tokens.access_token)).status).toBe(401)
    expect(await world.outcome(await world.refresh(client, tokens.refresh_token))).toBe('ok')
  })

  it('whatever the token was, the answer is the same', async () => {
    expect((await revoke('nonsense')).status).toBe(200)
    const tokens = await world.tokensFor(client, browser)
    for (let time = 0; time < 2; time++) expect(await (await revoke(tokens.refresh_token)).json()).toEqual({})
  })

  it("A6 another app's token is left as it is", async () => {
    const other = await world.register({ name: 'Other' })
    const tokens = await world.tokensFor(other, browser)
    expect((await revoke(tokens.refresh_token)).status).toBe(200)
    expect((await world.userinfo(tokens.access_token)).status).toBe(200)
  })

  it('a person with a session may, for a public app too, and only from our own pages', async () => {
    const open = await world.register({ type: 'public' })
    const tokens = await world.tokensFor(open, browser)
    const from = (origin: string, cookie: string) =>
      world.post(revokePath, { token: tokens.refresh_token }, { origin, cookie })
    for (const origin of ['https://evil.example', 'http://localhost:3000', 'null'])
      expect((await from(origin, browser.cookie)).status).toBe(401)
    const another = await world.browserOf(world.ada)
    expect((await from(issuer, another.cookie)).status).toBe(200)
    expect((await world.userinfo(tokens.access_token)).status).toBe(200)
    expect((await from(issuer, browser.cookie)).status).toBe(200)
    expect((await world.userinfo(tokens.access_token)).status).toBe(401)
    const more = await world.tokensFor(open, browser)
    const byProgram = await world.post(revokePath, { token: more.access_token }, { cookie: browser.cookie })
    expect(byProgram.status).toBe(200)
    expect((await world.userinfo(more.access_token)).status).toBe(401)
  })

  it('the quirk revoke-does-nothing answers 200 and leaves the token alive', async () => {
    world.provider.profile.set('documented,+revoke-does-nothing')
    const tokens = await world.tokensFor(client, browser)
    expect((await revoke(tokens.refresh_token)).status).toBe(200)
    expect((await world.userinfo(tokens.access_token)).status).toBe(200)
  })
})

describe('when the database does not answer', () => {
  it('X2 revoking is 503 and not 200, and says when to try again', async () => {
    const source = {
      open: async (): Promise<Storage> => {
        const storage = await sqlite({ memory: true }).open()
        const revoke = () => Promise.reject(new StorageUnavailable('gone'))
        return { ...storage, tokens: { ...storage.tokens, revoke } }
      },
    }
    const world = await worldOf({ storage: source })
    const client = await world.register()
    const response = await world.post(revokePath, { token: 'x', ...world.credentials(client) })
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
    await world.provider.close()
  })

  it('a data folder that cannot be opened is one sentence that says what to do', async () => {
    const storage = sqlite({ file: '/dev/null/data.sqlite' })
    await expect(createProvider({ issuer, storage })).rejects.toMatchObject({
      _tag: 'StorageCannotOpen',
      message: expect.stringMatching(/^Cannot open the data file \/dev\/null\/data\.sqlite: .+\. .+\.$/),
    })
  })
})
