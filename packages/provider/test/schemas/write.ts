/**
 * Writes down what storage looks like in use by the present schema, for every later version to be tested against:
 * `node --conditions=@civitai-oauth/source test/schemas/write.ts`, once for each schema that is released.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { postgres } from '../../src/postgres/index.ts'
import { sqlite } from '../../src/sqlite/index.ts'
import { startPostgres } from '../support/postgres.ts'
import { filled, type Held } from './filled.ts'

const keep = (engine: string, version: number, dump: string, held: Held): void => {
  const place = new URL(`${engine}-${version}`, import.meta.url).pathname
  writeFileSync(`${place}.sql`, dump)
  writeFileSync(`${place}.json`, `${JSON.stringify(held, undefined, 2)}\n`)
  console.log(`${place}.sql`)
}

const literal = (value: unknown): string => {
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

const writeSqlite = async (folder: string) => {
  const file = join(folder, 'data.sqlite')
  const held = await filled(sqlite({ file }))
  const database = new DatabaseSync(file)
  const { user_version } = database.prepare('PRAGMA user_version').get() as { readonly user_version: number }
  const made = database.prepare('SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid').all()
  const own = made.filter(({ name }) => !String(name).startsWith('sqlite_'))
  const lines = [`PRAGMA user_version = ${user_version};`]
  for (const { sql } of own.filter(({ type }) => type !== 'trigger')) lines.push(`${sql};`)
  for (const table of [...own.flatMap(({ type, name }) => (type === 'table' ? [name] : [])), 'sqlite_sequence'])
    for (const row of database.prepare(`SELECT * FROM ${table}`).all())
      lines.push(`INSERT INTO ${table} VALUES (${Object.values(row).map(literal).join(', ')});`)
  for (const { sql } of own.filter(({ type }) => type === 'trigger')) lines.push(`${sql};`)
  database.close()
  keep('sqlite', user_version, `${lines.join('\n')}\n`, held)
}

const writePostgres = async () => {
  const cluster = await startPostgres()
  try {
    const held = await filled(postgres({ url: cluster.url }))
    const client = new Client({ connectionString: cluster.url })
    await client.connect()
    const { rows } = await client.query<{ readonly version: number }>('SELECT version FROM schema_version')
    await client.end()
    const dumped = spawnSync('pg_dump', ['--inserts', '--no-owner', '--no-privileges', cluster.url])
    if (dumped.status !== 0) throw new Error(dumped.stderr.toString())
    // Without what only psql and this server's version understand.
    const lines = dumped.stdout.toString('utf8').split('\n')
    const kept = lines.filter(
      (line) => line !== '' && !/^(--|\\|SET (?!default_tablespace|check_function_bodies))/.test(line),
    )
    keep('postgres', rows[0]?.version as number, `${kept.join('\n')}\n`, held)
  } finally {
    await cluster.stop()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'civitai-schema-'))
await writeSqlite(folder)
await writePostgres()
rmSync(folder, { recursive: true })
