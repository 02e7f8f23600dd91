/** Two providers on one file, as two processes have it: what one takes back is dead in the other at its next use. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProvider, type Provider } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite/index.ts'
import { type Client, draft, issuer, type Tokens, userinfoPath, type World, worldOf } from '../support/world.ts'

describe('two processes on one file', () => {
  let folder: string
  let file: string
  let world: World
  let other: Provider
  let client: Client
  let tokens: Tokens
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
    file = join(folder, 'data.sqlite')
    world = await worldOf({ storage: sqlite({ file }) })
    other = await createProvider({ issuer, storage: sqlite({ file }), clock: world.clock, limits: 'off' })
    client = await world.register()
    tokens = await world.tokensFor(client, await world.browserOf(world.bob))
  })
  afterEach(async () => {
    await other.close()
    await world.provider.close()
    rmSync(folder, { recursive: true })
  })

  const ask = (path = userinfoPath): Promise<Response> => {
    const authorization = `Bearer ${tokens.access_token}`
    return other.fetch(new Request(issuer + path, { headers: { authorization } }))
  }
  /** The other process has been asked over and over, many times in one turn too: whatever it could keep, it has. */
  const askOften = async () => {
    for (let turn = 0; turn < 3; turn++)
      for (const { status } of await Promise.all(Array.from({ length: 5 }, () => ask()))) expect(status).toBe(200)
  }

  const endings: Readonly<Record<string, () => Promise<unknown>>> = {
    'its token is revoked': () =>
      world.post('/api/auth/oauth/revoke', { token: tokens.access_token, ...world.credentials(client) }),
    'its refresh token is revoked': () =>
      world.post('/api/auth/oauth/revoke', { token: tokens.refresh_token, ...world.credentials(client) }),
    'its grant is removed': () => world.provider.grants.revoke(world.bob, client.id),
    'its app is deleted': () => world.provider.apps.delete(world.ada, client.id),
    'its refresh token is used again too late': async () => {
      await world.refresh(client, tokens.refresh_token)
      world.clock.advance(31)
      expect(await world.outcome(await world.refresh(client, tokens.refresh_token))).toBe('invalid_grant')
    },
  }
  it.each(Object.keys(endings))('T4 nobody is let in by an access token once %s', async (name) => {
    await askOften()
    await endings[name]?.()
    expect((await Promise.all([ask(), ask()])).map(({ status }) => status)).toEqual([401, 401])
    expect((await ask('/api/v1/me')).status).toBe(401)
  })

  it('T4 F10 a token may do what its app may do now, and no more', async () => {
    const buzz = '/api/trpc/buzz.getBuzzAccount'
    expect((await ask(buzz)).status).toBe(200)
    const { version } = client.app
    const edited = await world.provider.apps.edit(world.ada, client.id, version, { ...draft, scopes: ['UserRead'] })
    expect(edited._tag).toBe('Edited')
    expect((await ask(buzz)).status).toBe(403)
    expect((await ask()).status).toBe(200)
  })

  it('a person is called what they are called now', async () => {
    await askOften()
    const elsewhere = new DatabaseSync(file)
    elsewhere.exec(`UPDATE people SET username = 'robert' WHERE id = ${world.bob.id}`)
    elsewhere.close()
    expect(await (await ask()).json()).toMatchObject({ name: 'robert', preferred_username: 'robert' })
  })

  it('a token runs out by the clock, however often it was asked with', async () => {
    await askOften()
    world.clock.advance(3600)
    expect((await ask()).status).toBe(401)
  })
})
