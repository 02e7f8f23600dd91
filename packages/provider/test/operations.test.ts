import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProvider, type Storage, type StorageSource, StorageUnavailable } from '../src/index.ts'
import { backupSqlite, sqlite } from '../src/sqlite/index.ts'
import { stoppedClock } from './support/clock.ts'
import { issuer, type Tokens, worldOf } from './support/world.ts'

describe('stopping', () => {
  it('closes once, however often it is asked', async () => {
    const world = await worldOf()
    await Promise.all([world.provider.close(), world.provider.close()])
    await world.provider.close()
  })

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
    expect(events.at(-1)).toMatchObject({ person: 'self', by: null })
    await world.provider.close()
  })
})

describe('an operation that a portal calls', () => {
  const failing = (failure: () => unknown): StorageSource => ({
    open: async () => {
      const storage = await sqlite({ memory: true }).open()
      const lost = () => Promise.reject(failure())
      return { ...storage, apps: { ...storage.apps, list: lost }, audit: { ...storage.audit, ofPerson: lost } }
    },
  })

  it('X3 fails for its caller, and the log says once what kept the database from answering', async () => {
    const cause = Object.assign(new Error('canary of ada'), { code: 'ECONNREFUSED' })
    const world = await worldOf({ storage: failing(() => new StorageUnavailable(cause)) })
    const { apps, audit } = world.provider
    for (const asked of [apps.list(world.ada), apps.list(world.ada), audit.ofPerson(world.ada)])
      await expect(asked).rejects.toMatchObject({ _tag: 'StorageUnavailable' })
    await expect(async () => {
      for await (const line of audit.linesOfPerson(world.ada)) throw new Error(line)
    }).rejects.toMatchObject({ _tag: 'StorageUnavailable' })
    expect(world.logged).toEqual([
      { level: 'error', message: 'the database did not answer', detail: { reason: 'ECONNREFUSED' } },
    ])
    await world.provider.close()
  })

  it('that is wrong itself is not laid to the database', async () => {
    const world = await worldOf({ storage: failing(() => new TypeError('ours')) })
    await expect(world.provider.apps.list(world.ada)).rejects.toThrow(TypeError)
    expect(world.logged).toEqual([])
    await world.provider.close()
  })
})

describe('who reads the audit log', () => {
  it.each(['civitai', 'quaily'] as const)(
    'T3 as the owner of an app of %s, reads of one person again and again, and of nobody who',
    async (dialect) => {
      const world = await worldOf()
      const { audit, admin, apps } = world.provider
      const scopes = dialect === 'quaily' ? ['user.public'] : ['UserRead']
      const redirectUris = 'https://app.example.com/oauth/callback'
      const [one, two] = [
        await world.register({ dialect, scopes, redirectUris }),
        await world.register({ dialect, scopes, redirectUris }),
      ]
      const cy = await world.person('cy')
      const mod = await world.person('mod', { staff: true })
      const path = dialect === 'quaily' ? '/quaily/oauth/authorize' : undefined
      for (const [client, person] of [
        [one, world.bob],
        [one, world.bob],
        [one, cy],
        [two, world.bob],
      ] as const) {
        const browser = await world.browserOf(person)
        const query = world.authorizeQuery(client, { scope: dialect === 'quaily' ? 'user.public' : '1' })
        const asked = await world.get(`${path ?? '/api/auth/oauth/authorize'}?${query}`, { cookie: browser.cookie })
        const request = world.requestIn(asked)
        const answer = { request, approved: 'true', remember: 'false' }
        await world.post(path ?? '/api/auth/oauth/authorize', answer, { origin: issuer, cookie: browser.cookie })
      }
      await admin.markApp(one.id, { verified: true }, mod)
      const lines: string[] = []
      for (const app of [one, two]) for await (const line of audit.linesOfApp(world.ada, app.id)) lines.push(line)
      const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
      expect(events[0]).toMatchObject({ kind: 'app-verified', person: 'self', by: 'staff' })
      const granted = events.filter(({ kind }) => kind === 'granted').map(({ person }) => person)
      const [third, second, first, elsewhere] = granted
      expect(granted).toHaveLength(4)
      expect(second).toBe(first)
      expect(new Set([first, third, elsewhere]).size).toBe(3)
      for (const event of events) {
        expect(event).not.toHaveProperty('personId')
        expect(event).not.toHaveProperty('actorId')
      }
      for (const { uuid, username, email } of [world.bob, cy, mod])
        for (const known of [uuid, username, email]) expect(lines.join('')).not.toContain(`"${known}"`)
      expect(await apps.get(world.ada, one.id)).toMatchObject({ people: 2 })
      await world.provider.close()
    },
  )
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

  it('T1 goes through nothing that somebody laid in its way', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'civitai-backup-'))
    const file = join(folder, 'civitai.db')
    const storage = await sqlite({ file }).open()
    const bystander = join(folder, 'bystander')
    writeFileSync(bystander, 'theirs')
    symlinkSync(bystander, join(folder, 'linked.unfinished'))
    writeFileSync(join(folder, 'open.unfinished'), '', { mode: 0o666 })
    for (const name of ['linked', 'open']) {
      const to = join(folder, name)
      await backupSqlite({ file, to })
      const copy = statSync(to)
      expect([copy.mode & 0o777, copy.ino === statSync(bystander).ino]).toEqual([0o600, false])
    }
    expect(readFileSync(bystander, 'utf8')).toBe('theirs')
    await storage.upkeep.close()
    rmSync(folder, { recursive: true })
  })
})
