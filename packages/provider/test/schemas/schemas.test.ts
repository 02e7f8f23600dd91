/**
 * Data written by every schema that was released opens in this version, and nobody notices. The dumps beside this file
 * are what `write.ts` kept of each; one that was released is never written again.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProvider, type StorageSource } from '../../src/index.ts'
import { postgres } from '../../src/postgres/index.ts'
import { sqlite } from '../../src/sqlite/index.ts'
import { stoppedClock } from '../support/clock.ts'
import { type Cluster, startPostgres } from '../support/postgres.ts'
import { type Running, spareOf } from '../support/processes.ts'
import { authorizePath, callback, challenge, issuer, type Tokens, tokenPath, userinfoPath } from '../support/world.ts'
import type { Held } from './filled.ts'

const kept = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')

/** Those that were released. */
const versionsOf = (engine: string): readonly number[] => {
  const versions: number[] = []
  for (let version = 1; existsSync(new URL(`${engine}-${version}.sql`, import.meta.url)); version++)
    versions.push(version)
  return versions
}

/** Where data can be: a place as processes are told it, and what its tables look like. */
interface Place {
  readonly place: string
  readonly source: StorageSource
  readonly shape: () => Promise<{ readonly version: number; readonly tables: unknown }>
}

interface Engine {
  readonly empty: () => Promise<Place>
  readonly written: (version: number) => Promise<Place>
}

const staysGood = async ({ source }: Place, held: Held): Promise<void> => {
  const clock = stoppedClock(held.at + 10_000)
  const provider = await createProvider({ issuer, storage: source, clock, limits: 'off' })
  const get = (target: string, headers: Readonly<Record<string, string>>) =>
    provider.fetch(new Request(issuer + target, { headers }))
  const claims = async (path: string, token: string) =>
    (await get(path, { authorization: `Bearer ${token}` })).json() as Promise<Record<string, unknown>>
  const refresh = (token: string, secret: string) => {
    const form = { grant_type: 'refresh_token', refresh_token: token, client_id: held.clientId, client_secret: secret }
    return provider.fetch(new Request(issuer + tokenPath, { method: 'POST', body: new URLSearchParams(form) }))
  }
  try {
    expect(await claims(userinfoPath, held.answer.access_token)).toMatchObject({ name: 'bob' })
    expect(await claims('/quaily/api/oauth/userinfo', held.quaily.access)).toEqual(held.quaily.claims)
    expect(await claims('/quaily/api/users/me', held.apiKey)).toMatchObject({ data: { name: 'bob' } })
    // The answer that an app lost while the server was replaced.
    expect(await (await refresh(held.spent, held.secret)).json()).toEqual(held.answer)
    const next = await refresh(held.answer.refresh_token, held.nextSecret)
    expect(next.status).toBe(200)
    const { access_token } = (await next.json()) as Tokens
    expect(await claims(userinfoPath, access_token)).toMatchObject({ name: 'bob' })
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: held.clientId,
      redirect_uri: callback,
      scope: held.answer.scope,
      state: 's',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    })
    const silent = await get(`${authorizePath}?${query}`, { cookie: held.cookie })
    expect(new URL(silent.headers.get('location') as string).searchParams.has('code')).toBe(true)
    const ada = await provider.admin.findPerson('ada')
    if (!ada) throw new Error('gone')
    const events = await provider.audit.ofApp(ada, held.clientId, { limit: 50 })
    expect(events.map(({ kind }) => kind)).toEqual(held.events)
  } finally {
    await provider.close()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
let cluster: Cluster
let made = 0

const onSqlite = (sql: string): Place => {
  const file = join(folder, `${++made}.sqlite`)
  if (sql !== '') {
    const database = new DatabaseSync(file)
    database.exec(`PRAGMA journal_mode = WAL; BEGIN; ${sql} COMMIT`)
    database.close()
  }
  const shape = async () => {
    const database = new DatabaseSync(file, { readOnly: true })
    const all = (text: string) => database.prepare(text).all()
    const columns = all(
      `SELECT tables.name AS "table", columns.name, columns.type, "notnull", dflt_value, pk
       FROM pragma_table_list AS tables, pragma_table_xinfo(tables.name) AS columns ORDER BY 1, 2`,
    )
    const others = all(`SELECT name, sql FROM sqlite_master WHERE type <> 'table' ORDER BY name`)
    const [{ user_version }] = all('PRAGMA user_version') as unknown as readonly [{ readonly user_version: number }]
    database.close()
    return { version: user_version, tables: [columns, others] }
  }
  return { place: file, source: sqlite({ file }), shape }
}

const onPostgres = async (sql: string): Promise<Place> => {
  const ask = async (url: string, text: string) => {
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(text)).rows
    } finally {
      await client.end()
    }
  }
  const name = `schema_${++made}`
  await ask(cluster.url, `CREATE DATABASE ${name}`)
  const url = cluster.url.replace(/postgres$/, name)
  if (sql !== '') await ask(url, sql)
  const shape = async () => ({
    version: (await ask(url, 'SELECT version FROM schema_version'))[0]?.['version'] as number,
    tables: [
      await ask(
        url,
        `SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity
         FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`,
      ),
      await ask(url, `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`),
      await ask(url, `SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`),
    ],
  })
  return { place: url, source: postgres({ url, connections: 2 }), shape }
}

const engines: Readonly<Record<string, Engine>> = {
  sqlite: { empty: async () => onSqlite(''), written: async (version) => onSqlite(kept(`sqlite-${version}.sql`)) },
  postgres: { empty: () => onPostgres(''), written: (version) => onPostgres(kept(`postgres-${version}.sql`)) },
}

describe.each(Object.entries(engines))('data of an earlier version on %s', (name, { empty, written }) => {
  beforeAll(async () => void (cluster ??= await startPostgres()))

  describe.each(versionsOf(name))('by schema %i', (version) => {
    const held = JSON.parse(kept(`${name}-${version}.json`)) as Held

    it('opens, and what people and apps hold is as good as before', async () => {
      await staysGood(await written(version), held)
    })

    it('has the tables of new data afterwards, so no step was changed that was released', async () => {
      const [old, fresh] = [await written(version), await empty()]
      for (const { source } of [old, fresh]) await (await source.open()).upkeep.close()
      expect(await old.shape()).toEqual(await fresh.shape())
    })

    it('opens in processes that start at once, and is as good', { timeout: 60_000 }, async () => {
      const place = await written(version)
      await openedAtOnce(place.place)
      await staysGood(place, held)
    })
  })

  it('is there for every schema but one that is not released yet', async () => {
    const fresh = await empty()
    await (await fresh.source.open()).upkeep.close()
    const { version } = await fresh.shape()
    expect([version, version - 1]).toContain(versionsOf(name).length)
  })

  it('processes that start at once make new data together, once', { timeout: 60_000 }, async () => {
    const place = await empty()
    await openedAtOnce(place.place)
    const alone = await empty()
    await (await alone.source.open()).upkeep.close()
    expect(await place.shape()).toEqual(await alone.shape())
  })
})

afterAll(async () => {
  await cluster.stop()
  rmSync(folder, { recursive: true })
})

/** Two processes with everything loaded are told to open the place in one moment; each answers a request. */
const openedAtOnce = async (place: string): Promise<void> => {
  const spares = [spareOf(place), spareOf(place)]
  await Promise.all(spares.map(({ loaded }) => loaded))
  const running = await Promise.allSettled(spares.map((spare) => spare.open()))
  try {
    expect(running.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    for (const one of running) {
      const { origin } = (one as PromiseFulfilledResult<Running>).value
      expect((await fetch(`${origin}/readyz`)).status).toBe(200)
    }
  } finally {
    await Promise.all(spares.map((spare) => spare.kill()))
  }
}
