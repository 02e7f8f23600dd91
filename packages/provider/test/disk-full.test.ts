/**
 * No room left: where SQLite may take no further page (everywhere), and on small disks that are filled up (where the test
 * runs as root, for only root may mount one; it says so where it may not).
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client as Connection } from 'pg'
import { describe, expect, it } from 'vitest'
import type { StorageSource } from '../src/index.ts'
import { postgres } from '../src/postgres/index.ts'
import { engineOf } from '../src/sqlite/engine.ts'
import { sqlite } from '../src/sqlite/index.ts'
import { migrate } from '../src/sqlite/schema.ts'
import { storageOf } from '../src/sqlite/storage.ts'
import { nobody, startPostgres } from './support/postgres.ts'
import { smallDisk } from './support/small-disk.ts'
import { type Tokens, worldOf } from './support/world.ts'

interface Place {
  readonly source: StorageSource
  /** Once the tables are there. */
  prepare(): Promise<void>
  fill(): void
  free(): void
  /** What the engine itself says of its data. */
  check(): Promise<unknown>
  remove(): Promise<void>
}

const soundness = async (file: string): Promise<unknown> => {
  const database = new DatabaseSync(file)
  const found = database.prepare('PRAGMA integrity_check').get()
  database.close()
  return found
}

const sqliteOutOfPages = async (): Promise<Place> => {
  const folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
  const file = join(folder, 'data.sqlite')
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL')
  migrate(database)
  return {
    source: { open: async () => storageOf(engineOf(database)) },
    prepare: async () => {},
    // Not below what it holds already: this is "not one more".
    fill: () => database.exec('PRAGMA max_page_count = 1'),
    free: () => database.exec('PRAGMA max_page_count = 1000000'),
    check: () => soundness(file),
    remove: async () => rmSync(folder, { recursive: true }),
  }
}

const sqliteOnDisk = async (): Promise<Place | undefined> => {
  const disk = smallDisk()
  if (!disk) return undefined
  const file = join(disk.folder, 'data.sqlite')
  return {
    ...disk,
    source: sqlite({ file }),
    prepare: async () => {},
    check: () => soundness(file),
    remove: async () => disk.remove(),
  }
}

const postgresOnDisk = async (): Promise<Place | undefined> => {
  const disk = smallDisk(nobody)
  if (!disk) return undefined
  const cluster = await startPostgres()
  const ask = async (text: string) => {
    const connection = new Connection({ connectionString: cluster.url })
    await connection.connect()
    const { rows } = await connection.query(text)
    await connection.end()
    return rows as unknown
  }
  return {
    ...disk,
    source: postgres({ url: cluster.url, connections: 2 }),
    prepare: async () => {
      await ask(`CREATE TABLESPACE small LOCATION '${disk.folder}'`)
      await ask('ALTER TABLE generations SET TABLESPACE small')
    },
    check: () =>
      ask('SELECT count(*) FROM generations WHERE octet_length(access_hash) <> 32').then((rows) => ({
        integrity_check: JSON.stringify(rows) === '[{"count":"0"}]' ? 'ok' : rows,
      })),
    remove: async () => {
      await cluster.stop()
      disk.remove()
    },
  }
}

describe('X6 when there is no room left', () => {
  it.each([
    ['for another page of SQLite', sqliteOutOfPages, 'database or disk is full'],
    ['on the disk of a SQLite file', sqliteOnDisk, 'database or disk is full'],
    ['on the disk of Postgres', postgresOnDisk, '53100'],
  ] as const)(
    '%s the answer is 503 with Retry-After, one line is logged, and the data is whole',
    async (name, at, reason) => {
      const place = await at()
      if (!place) {
        console.warn(
          `no small disk could be mounted (only root may): "${name}" is tried with SQLite's page limit alone`,
        )
        return
      }
      const world = await worldOf({ storage: place.source })
      await place.prepare()
      const client = await world.register()
      const browser = await world.browserOf(world.bob)
      const [chain, crowd] = [await world.tokensFor(client, browser), await world.tokensFor(client, browser)]

      place.fill()
      let last = chain
      let refused: Response | undefined
      let kept = 0
      for (; !refused && kept < 5000; kept++) {
        const response = await world.refresh(client, last.refresh_token)
        if (response.status === 200) last = (await response.json()) as Tokens
        else refused = response
      }
      expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([503, '2'])
      expect(await refused?.json()).toMatchObject({ error: 'temporarily_unavailable' })
      // Many at once, who share one transaction: each is refused, and none is half done.
      const many = await Promise.all(Array.from({ length: 20 }, () => world.refresh(client, last.refresh_token)))
      expect(many.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 503))
      // Who only reads is served.
      expect((await world.userinfo(last.access_token)).status).toBe(200)
      expect(world.logged).toEqual([{ level: 'error', message: 'the database did not answer', detail: { reason } }])

      place.free()
      const after = (await (await world.refresh(client, last.refresh_token)).json()) as Tokens
      expect((await world.userinfo(after.access_token)).status).toBe(200)
      expect((await world.refresh(client, crowd.refresh_token)).status).toBe(200)
      const events = await world.provider.audit.ofApp(world.ada, client.id)
      expect(events.map(({ kind }) => kind)).toEqual(['signed-in', 'signed-in', 'granted', 'app-registered'])
      expect(await world.provider.apps.get(world.ada, client.id)).toMatchObject({ people: 1 })
      expect(await place.check()).toEqual({ integrity_check: 'ok' })
      await world.provider.close()
      await place.remove()
    },
  )
})
