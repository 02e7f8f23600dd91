/**
 * Prints how near the provider comes to a bare server that does the same hashing and the same SQL: half a second of ours
 * beside half a second of the floor, eleven pairs, the median of the ratios; and where two peers stand with nothing but
 * memory to write to. `bench [pairs] [refresh|exchange|userinfo|peers]`; all of it takes about three minutes on two quiet cores.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { startPostgres } from '../test/support/postgres.ts'
import { start } from './child.ts'
import { type Chain, get, loadOf, median, post } from './load.ts'
import type { Ready } from './seed.ts'

const pairs = Number(process.argv[2] ?? 11)
const connections = 32
const sliceMs = 500

const tokenPath = '/api/auth/oauth/token'

const refreshing = ({ clientId, secret, tokens }: Ready): readonly Chain[] =>
  tokens.map(({ refresh }) => {
    let token = refresh
    return {
      next: () =>
        post(
          tokenPath,
          `grant_type=refresh_token&refresh_token=${token}&client_id=${clientId}&client_secret=${secret}`,
        ),
      answered: (body) => void (token = (JSON.parse(body) as { readonly refresh_token: string }).refresh_token),
    }
  })

const exchanging = ({ clientId, secret, codes }: Ready): readonly Chain[] => {
  let next = 0
  const verifier = 'v'.repeat(50)
  const chain: Chain = {
    next: () => {
      const code = codes[next++]
      if (code === undefined) throw new Error('out of codes')
      return post(
        tokenPath,
        `grant_type=authorization_code&code=${code}&code_verifier=${verifier}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb&client_id=${clientId}&client_secret=${secret}`,
      )
    },
    answered: () => {},
  }
  return Array.from({ length: connections }, () => chain)
}

const looking = ({ tokens }: Ready): readonly Chain[] =>
  tokens.map(({ access }) => ({ next: () => get('/api/auth/oauth/userinfo', access), answered: () => {} }))

interface Sides {
  /** A script, and the place its data is at. */
  readonly ours: readonly [script: string, place: string]
  readonly floor: readonly [script: string, place: string]
}

const compare = async (
  name: string,
  budget: string,
  sides: Sides,
  chainsOf: (ready: Ready) => readonly Chain[],
  codes = 0,
): Promise<void> => {
  const side = ([script, place]: Sides['ours']) => start<Ready>(script, [place, String(connections), String(codes)])
  const [ours, floor] = await Promise.all([side(sides.ours), side(sides.floor)])
  const [a, b] = await Promise.all([
    loadOf(ours.ready.port, chainsOf(ours.ready)),
    loadOf(floor.ready.port, chainsOf(floor.ready)),
  ])
  await a.slice(sliceMs)
  await b.slice(sliceMs)
  const slices: (readonly [ours: number, floor: number])[] = []
  for (let pair = 0; pair < pairs; pair++) {
    const first = pair % 2 === 0 ? await a.slice(sliceMs) : 0
    const other = await b.slice(sliceMs)
    slices.push([first || (await a.slice(sliceMs)), other])
  }
  const ratio = median(slices.map(([one, two]) => one / two))
  const perSecond = (at: 0 | 1) => String(Math.round(median(slices.map((slice) => slice[at])))).padStart(7)
  console.log(
    `${name.padEnd(32)} ${perSecond(0)} a second, floor ${perSecond(1)}, ratio ${ratio.toFixed(2)} (${budget})`,
  )
  a.close()
  b.close()
  await Promise.all([ours.stop(), floor.stop()])
}

const only = process.argv[3]
const wanted = (name: string) => !only || only === name
/** More than half a second can use. */
const codes = (pairs + 1) * 4000

const folder = mkdtempSync(join(tmpdir(), 'civitai-bench-'))
let files = 0
const onSqlite = (): Sides => ({
  ours: ['./ours.ts', join(folder, `${++files}.sqlite`)],
  floor: ['./floor.ts', join(folder, `${++files}.sqlite`)],
})
/** Flushed to disk at every commit, as in earnest. */
const cluster = await startPostgres([])
const onPostgres = async (): Promise<Sides> => {
  const place = async () => {
    const database = `bench_${++files}`
    const connection = new Client({ connectionString: cluster.url })
    await connection.connect()
    await connection.query(`CREATE DATABASE ${database}`)
    await connection.end()
    return cluster.url.replace(/postgres$/, database)
  }
  return { ours: ['./ours.ts', await place()], floor: ['./floor-postgres.ts', await place()] }
}
const begun = performance.now()
try {
  if (wanted('refresh')) {
    await compare('refresh, SQLite', 'budget 0.75', onSqlite(), refreshing)
    await compare('refresh, Postgres', 'budget 0.70', await onPostgres(), refreshing)
  }
  if (wanted('exchange')) {
    await compare('code exchange, SQLite', 'budget 0.75', onSqlite(), exchanging, codes)
    await compare('code exchange, Postgres', 'budget 0.70', await onPostgres(), exchanging, codes)
  }
  if (wanted('userinfo')) {
    await compare('userinfo, SQLite', 'budget 0.90', onSqlite(), looking)
    await compare('userinfo, Postgres', 'no budget', await onPostgres(), looking)
  }
  if (wanted('peers')) {
    const peer = (script: string): Sides => ({ ...onSqlite(), ours: [script, ''] })
    const against = 'to the floor on SQLite'
    await compare('refresh, oidc-provider, memory', against, peer('./peer-oidc-provider.ts'), refreshing)
    await compare('refresh, oauth2-server, memory', against, peer('./peer-oauth2-server.ts'), refreshing)
  }
} finally {
  await cluster.stop()
  rmSync(folder, { recursive: true })
}
console.log(`${((performance.now() - begun) / 1000).toFixed(0)} s, load ${loadavg()[0]?.toFixed(1)}`)
