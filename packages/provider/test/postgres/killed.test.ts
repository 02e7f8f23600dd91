/**
 * Three provider processes over one Postgres are killed in turn, each followed by a fresh one, while people sign in and
 * apps refresh. Whoever gets no answer asks another process. `VERIFY=1` kills two hundred.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgres } from '../../src/postgres/index.ts'
import { type Answer, askUntilAnswered, type Patience, whileTroubled } from '../support/careful.ts'
import { type Cluster, startPostgres } from '../support/postgres.ts'
import { type Running, spareOf } from '../support/processes.ts'
import {
  authorizePath,
  type Browser,
  callback,
  type Client,
  issuer,
  type Tokens,
  tokenPath,
  verifier,
  type World,
  worldOf,
} from '../support/world.ts'

const kills = Number(process.env['KILLS'] ?? (process.env['VERIFY'] === '1' ? 200 : 3))
const atOnce = 6

describe('X7 provider processes killed one by one under load', () => {
  let cluster: Cluster
  let world: World
  let client: Client
  beforeAll(async () => {
    cluster = await startPostgres()
    world = await worldOf({ storage: postgres({ url: cluster.url }) })
    world.clock.advance((Date.now() - world.clock.now()) / 1000)
    client = await world.register()
  })
  afterAll(async () => {
    await world.provider.close()
    await cluster.stop()
  })

  it('no retry fails, and no grant is lost', { timeout: 120_000 + kills * 5000 }, async () => {
    const running: Running[] = await Promise.all([1, 2, 3].map(() => spareOf(cluster.url).open()))
    let asked = 0
    const patience: Patience = { unanswered: 0, later: 0 }
    const retried = () => patience.unanswered + patience.later

    /** Any process will do; when one is gone without an answer, the next. */
    const ask = (target: string, init: RequestInit): Promise<Answer> =>
      askUntilAnswered(patience, () => {
        const { origin } = running[asked++ % running.length] as Running
        return fetch(origin + target, { redirect: 'manual', ...init })
      })
    const post = (path: string, fields: Readonly<Record<string, string>>, headers: Record<string, string> = {}) =>
      ask(path, { method: 'POST', headers, body: new URLSearchParams(fields) })

    const codeFor = async ({ cookie }: Browser): Promise<string> => {
      const { response } = await ask(`${authorizePath}?${world.authorizeQuery(client)}`, { headers: { cookie } })
      if (new URL(response.headers.get('location') as string, issuer).searchParams.has('code'))
        return world.codeIn(response)
      const fields = { request: world.requestIn(response), approved: 'true', remember: 'true' }
      return world.codeIn((await post(authorizePath, fields, { cookie, origin: issuer })).response)
    }

    /** A code whose answer was lost is spent: the person, who is remembered, is sent round once more and sees nothing. */
    const signIn = async (browser: Browser): Promise<Tokens> => {
      for (;;) {
        const before = retried()
        const { response, text } = await post(tokenPath, {
          grant_type: 'authorization_code',
          code: await codeFor(browser),
          code_verifier: verifier,
          redirect_uri: callback,
          ...world.credentials(client),
        })
        if (response.status === 200) return JSON.parse(text) as Tokens
        expect([response.status, retried() > before], text).toEqual([400, true])
      }
    }

    const granted: string[] = []
    const refreshed = Array.from({ length: atOnce }, () => 0)
    const refreshes = () => refreshed.reduce((sum, times) => sum + times, 0)
    const people = async (at: number, stop: AbortSignal) => {
      for (let nth = 0; !stop.aborted; nth++) {
        const person = await world.person(`person_${at}_${nth}`)
        let { refresh_token } = await signIn(await world.browserOf(person))
        for (let times = 0; times < 20 && !stop.aborted; times++) {
          const fields = { grant_type: 'refresh_token', refresh_token, ...world.credentials(client) }
          const { response, text } = await post(tokenPath, fields)
          expect(response.status, text).toBe(200)
          refresh_token = (JSON.parse(text) as Tokens).refresh_token
          refreshed[at] = (refreshed[at] as number) + 1
        }
        granted.push(refresh_token)
      }
    }

    const killing = async (stop: AbortSignal) => {
      for (let killed = 0; killed < kills && !stop.aborted; killed++) {
        const spare = spareOf(cluster.url)
        const enough = refreshes() + 5 + Math.floor(Math.random() * 40)
        while (refreshes() < enough && !stop.aborted) await wait(1)
        await wait(Math.random() * 10)
        const at = killed % running.length
        await (running[at] as Running).kill()
        // Nobody notices but those who were being answered: the other two go on meanwhile.
        running[at] = await spare.open()
      }
    }
    const begun = performance.now()
    try {
      await whileTroubled(killing, (stop) => Array.from({ length: atOnce }, (_, at) => people(at, stop)))
    } finally {
      await Promise.all(running.map((process) => process.kill()))
    }

    world.clock.advance((Date.now() - world.clock.now()) / 1000)
    const outcomes = await Promise.all(
      granted.map(async (token) => {
        const { response, text } = await askUntilAnswered(patience, () => world.refresh(client, token))
        return response.status === 200 ? 'ok' : text
      }),
    )
    const took = ((performance.now() - begun) / 1000).toFixed(0)
    console.log(
      `Postgres: ${kills} processes killed in ${took} s, ${asked} requests, ${patience.unanswered} of them without an answer and ${patience.later} told to come back later, ${granted.length} grants, ${refreshes()} refreshes`,
    )
    expect(outcomes.filter((outcome) => outcome !== 'ok')).toEqual([])
    expect(await world.provider.apps.get(world.ada, client.id)).toMatchObject({ people: granted.length })
    const events = await world.provider.audit.ofApp(world.ada, client.id, { limit: 500 })
    expect(events.filter(({ kind }) => kind.endsWith('reused'))).toEqual([])
    expect(patience.unanswered).toBeGreaterThan(0)
  })
})
