import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { postgres } from '../../src/postgres/index.ts'
import { bare, givenOut } from '../support/given-out.ts'
import { startPostgres } from '../support/postgres.ts'
import { worldOf } from '../support/world.ts'

describe('a dump of the Postgres database', () => {
  it('T1 holds no code, token, secret, key, password, session or request id, not even while it lives', async () => {
    const cluster = await startPostgres()
    const world = await worldOf({ storage: postgres({ url: cluster.url }) })
    const given = await givenOut(world)
    const client = new Client({ connectionString: cluster.url })
    await client.connect()
    const tables = await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    let dump = ''
    for (const { tablename } of tables.rows as readonly { readonly tablename: string }[]) {
      const { rows } = await client.query(`SELECT t::text AS line FROM ${tablename} t`)
      dump += (rows as readonly { readonly line: string }[]).map(({ line }) => line).join('\n')
    }
    await client.end()
    expect(dump).toContain('Radio')
    for (const value of given) {
      const text = bare(value)
      expect(text.length).toBeGreaterThanOrEqual(43)
      // Bytes are dumped as hexadecimal: neither as they are written nor as what they stand for.
      const spellings = [text, Buffer.from(text).toString('hex'), Buffer.from(text, 'base64url').toString('hex')]
      for (const spelling of spellings) expect(dump).not.toContain(spelling)
    }
    await world.provider.close()
    await cluster.stop()
  })
})
