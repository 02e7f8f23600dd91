/**
 * The server is killed while sign-ins refresh as fast as they can, and started again, over and over. `VERIFY=1` kills
 * five hundred times on each engine, `KILLS=25` as often as it says.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StorageSource } from '../src/index.ts'
import { postgres } from '../src/postgres/index.ts'
import { sqlite } from '../src/sqlite/index.ts'
import { askUntilAnswered, type Patience, whileTroubled } from './support/careful.ts'
import { type Cluster, startPostgres } from './support/postgres.ts'
import { spareOf } from './support/processes.ts'
import { type Client, type Tokens, tokenPath, worldOf } from './support/world.ts'

const kills = Number(process.env['KILLS'] ?? (process.env['VERIFY'] === '1' ? 500 : 3))
const signIns = 6
/** Five hundred starts of a process take their time. */
const slowly = { timeout: 120_000 + kills * 5000 }

const survives = async (name: string, place: string, source: StorageSource): Promise<void> => {
  const world = await worldOf({ storage: source })
  world.clock.advance((Date.now() - world.clock.now()) / 1000)
  const client: Client = await world.register()
  const browser = await world.browserOf(world.bob)
  const chains = await Promise.all(Array.from({ length: signIns }, () => world.tokensFor(client, browser)))
  const tokens = chains.map(({ refresh_token }) => refresh_token)
  const answered = tokens.map(() => 0)
  const total = () => answered.reduce((sum, times) => sum + times, 0)
  const patience: Patience = { unanswered: 0, later: 0 }
  let server = await spareOf(place).open()
  let spare = spareOf(place)

  /** As a careful app: what is answered is kept before it is used, and what got no answer is asked again. */
  const refreshing = async (at: number, stop: AbortSignal) => {
    while (!stop.aborted) {
      const body = new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: tokens[at] as string,
        ...world.credentials(client),
      })
      const { response, text } = await askUntilAnswered(patience, () =>
        fetch(server.origin + tokenPath, { method: 'POST', body }),
      )
      expect(response.status, text).toBe(200)
      tokens[at] = (JSON.parse(text) as Tokens).refresh_token
      answered[at] = (answered[at] as number) + 1
    }
  }

  const killing = async (stop: AbortSignal) => {
    for (let killed = 0; killed < kills && !stop.aborted; killed++) {
      // Somewhere in the middle of it, however slow the machine is.
      const enough = total() + 1 + Math.floor(Math.random() * 40)
      while (total() < enough && !stop.aborted) await wait(1)
      await wait(Math.random() * 10)
      await server.kill()
      server = await spare.open()
      spare = spareOf(place)
    }
  }

  const begun = performance.now()
  try {
    await whileTroubled(killing, (stop) => tokens.map((_, at) => refreshing(at, stop)))
  } finally {
    await Promise.all([server.kill(), spare.kill()])
  }
  // Nobody was signed out, and nothing was spent twice: each family has one token that is not spent, the last one.
  world.clock.advance((Date.now() - world.clock.now()) / 1000)
  const outcomes = await Promise.all(
    tokens.map(async (token) => {
      const { response, text } = await askUntilAnswered(patience, () => world.refresh(client, token))
      return response.status === 200 ? 'ok' : text
    }),
  )
  const events = await world.provider.audit.ofApp(world.ada, client.id, { limit: 500 })
  const lost = outcomes.filter((outcome) => outcome !== 'ok')
  const twice = events.filter(({ kind }) => kind === 'token-reused')
  const took = ((performance.now() - begun) / 1000).toFixed(0)
  console.log(
    `${name}: ${kills} kills in ${took} s, ${total()} refreshes acknowledged, ${lost.length} lost, ${twice.length} spent twice, ${patience.unanswered} without an answer, ${patience.later} told to come back later`,
  )
  expect(lost).toEqual([])
  expect(twice).toEqual([])
  expect(await world.provider.apps.get(world.ada, client.id)).toMatchObject({ people: 1 })
  expect(total()).toBeGreaterThan(kills)
  await world.provider.close()
}

describe('X1 kill -9 at random moments', () => {
  let folder: string
  let cluster: Cluster
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
    cluster = await startPostgres([])
  })
  afterAll(async () => {
    await cluster.stop()
    rmSync(folder, { recursive: true })
  })

  it('on a SQLite file nothing acknowledged is lost, and nothing is spent twice', slowly, async () => {
    const file = join(folder, 'data.sqlite')
    await survives('SQLite', file, sqlite({ file }))
  })

  it('on Postgres nothing acknowledged is lost, and nothing is spent twice', slowly, async () => {
    await survives('Postgres', cluster.url, postgres({ url: cluster.url }))
  })
})
