import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProvider, type Storage } from '../src/index.ts'
import { backupSqlite, sqlite } from '../src/sqlite/index.ts'
import { stoppedClock } from './support/clock.ts'
import { issuer, type Tokens, worldOf } from './support/world.ts'

describe('stopping', () => {
  it('X4 ready turns false first, and requests in flight finish', async () => {
    let release = () => {}
    const held = new Promise<void>((done) => void (release = done))
    const source = {
      open: async (): Promise<Storage> => {
        const storage = await sqlite({ memory: true }).open()
        const find: Storage['tokens']['find'] = async (...asked) => {
          await held
          return storage.tokens.find(...asked)
        }
        return { ...storage, tokens: { ...storage.tokens, find } }
      },
    }
    const world = await worldOf({ storage: source })
    const tokens = await world.tokensFor(await world.register(), await world.browserOf(world.bob))
    expect((await world.get('/readyz')).status).toBe(200)
    const inFlight = world.userinfo(tokens.access_token)
    world.provider.drain()
    const ready = await world.get('/readyz')
    expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '5'])
    expect((await world.get('/healthz')).status).toBe(200)
    let closed = false
    const closing = world.provider.close().then(() => (closed = true))
    await Promise.resolve()
    expect(closed).toBe(false)
    release()
    expect((await inFlight).status).toBe(200)
    await closing
  })
})

describe('metrics', () => {
  it('are for whoever holds the bearer, and hold nothing of anybody', async () => {
    const provider = await createProvider({
      issuer,
      storage: sqlite({ memory: true }),
      clock: stoppedClock(),
      metricsBearer: 'a-bearer',
    })
    const ask = (authorization?: string) =>
      provider.fetch(
        new Request(`${issuer}/metrics`, { headers: authorization === undefined ? {} : { authorization } }),
      )
    expect((await ask()).status).toBe(401)
    expect((await ask('Bearer other')).status).toBe(401)
    await provider.fetch(
      new Request(`${issuer}/api/auth/oauth/userinfo`, { headers: { authorization: 'Bearer canary' } }),
    )
    const answer = await ask('Bearer a-bearer')
    const text = await answer.text()
    expect(text).toContain('civitai_oauth_requests_total{route="userinfo",status="401"} 1')
    expect(text).toContain('civitai_oauth_events_total{event="userinfo-TokenInvalid"} 1')
    expect(text).toMatch(/civitai_oauth_request_seconds_bucket\{route="userinfo",le="\+Inf"\} 1/)
    expect(text).not.toContain('canary')
    await provider.close()
  })

  it('are nowhere unless they are asked for', async () => {
    const world = await worldOf()
    expect((await world.get('/metrics', { authorization: 'Bearer ' })).status).toBe(404)
    await world.provider.close()
  })
})

describe('the audit log as JSON lines', () => {
  it('has every event, newest first, one a line', async () => {
    const world = await worldOf()
    const client = await world.register()
    await world.tokensFor(client, await world.browserOf(world.bob))
    for (let edit = 0; edit < 600; edit++) await world.provider.admin.markApp(client.id, { verified: edit % 2 === 0 })
    const lines: string[] = []
    for await (const line of world.provider.audit.linesOfApp(world.ada, client.id)) lines.push(line)
    expect(lines).toHaveLength(603)
    const events = lines.map((line) => JSON.parse(line) as { readonly kind: string; readonly at: string })
    expect(events.at(-1)).toMatchObject({ kind: 'app-registered', at: '2026-11-21T00:00:00.000Z' })
    for await (const line of world.provider.audit.linesOfApp(world.bob, client.id)) throw new Error(line)
    await world.provider.close()
  })
})

describe('a backup of a data file', () => {
  it('is whole while the server goes on, and works in its place', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
    const [file, to] = [join(folder, 'data.sqlite'), join(folder, 'copy.sqlite')]
    const world = await worldOf({ storage: sqlite({ file }) })
    const client = await world.register()
    const tokens = await world.tokensFor(client, await world.browserOf(world.bob))
    await backupSqlite({ file, to })
    expect((await world.refresh(client, tokens.refresh_token)).status).toBe(200)
    await world.provider.close()

    const restored = await createProvider({ issuer, storage: sqlite({ file: to }), clock: world.clock, limits: 'off' })
    const answer = await restored.fetch(
      new Request(`${issuer}/api/auth/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: tokens.refresh_token,
          ...world.credentials(client),
        }),
      }),
    )
    expect(((await answer.json()) as Tokens).scope).toBe('114689')
    await restored.close()
    await expect(backupSqlite({ file, to })).rejects.toMatchObject({ _tag: 'StorageCannotOpen' })
    await expect(backupSqlite({ file: join(folder, 'none'), to: join(folder, 'x') })).rejects.toMatchObject({
      message: expect.stringContaining('There is no data file'),
    })
    rmSync(folder, { recursive: true })
  })
})
