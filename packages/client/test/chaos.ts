/**
 * K10: people with five tabs each, thirty requests at a time over several processes, and a token endpoint that is busy,
 * broken, slow, or loses its answers. Counts what must not happen, and what may.
 */
import { type Fault, type TestServer, startProvider } from '@civitai-oauth/testing'
import { type CivitaiAuth, createAuth } from '../src/auth.ts'
import { platform as own } from '../src/platform.ts'
import type { SessionStore } from '../src/store/store.ts'
import { Browser } from './browser.ts'

export interface Setting {
  readonly profile: 'documented' | 'observed'
  readonly processes: number
  readonly store?: SessionStore
  readonly people: number
  readonly rounds: number
}

export interface Tally {
  requests: number
  refreshes: number
  /** The same refresh token sent again, though its first answer arrived. */
  sentTwice: number
  /** A round trip without a page that brought the session back. */
  silentRestores: number
  /** Somebody saw a sign-in page, a consent page or an error, or was signed out. */
  interrupted: string[]
  slowestMs: number
}

const origin = 'http://localhost:3995'
const hour = 3600
const parallel = 30
const tabs = 5
const kinds: readonly (Fault['kind'] | 'none')[] = ['none', '429', '503', 'drop', 'malformed', 'delay', 'none', 'none']

/** One seed, one run: a failure can be looked at again. */
const dice = (seed: number) => {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

/** The token endpoint as the app sees it: which tokens were sent, and whether their answer came. */
const watching = (tally: Tally): typeof globalThis.fetch => {
  const answered = new Set<string>()
  return async (input, init) => {
    const token = init?.body instanceof URLSearchParams ? init.body.get('refresh_token') : null
    if (token === null) return fetch(input, init)
    tally.refreshes++
    if (answered.has(token)) tally.sentTwice++
    const response = await fetch(input, init)
    // Busy and broken servers did not answer the question; nonsense may hide the answer.
    const heard =
      (await response
        .clone()
        .json()
        .then(
          () => true,
          () => false,
        )) && response.status < 429
    if (heard) answered.add(token)
    return response
  }
}

class Person {
  readonly browser: Browser
  readonly portal: string
  readonly #server: TestServer
  readonly #tally: Tally
  constructor(browser: Browser, portal: string, server: TestServer, tally: Tally) {
    this.browser = browser
    this.portal = portal
    this.#server = server
    this.#tally = tally
  }

  /** Goes to the server and back, as a browser does by itself; whoever is shown a page on the way was interrupted. */
  async follow(response: Response): Promise<void> {
    const location = response.headers.get('location')
    if (location === null) return
    if (!location.startsWith(this.#server.issuer)) {
      await this.arrive(await this.browser.visit(location))
      return
    }
    const way = await fetch(location, { redirect: 'manual', headers: { cookie: this.portal, accept: 'text/html' } })
    const back = way.headers.get('location')
    if (back === null || !back.startsWith(origin)) {
      this.#tally.interrupted.push(`was shown a page at ${new URL(location).pathname}`)
      return
    }
    this.#tally.silentRestores++
    await this.follow(await this.browser.visit(back))
  }

  /** A page opened when all is quiet: by then they are signed in, or somebody lost them. */
  async settle(): Promise<void> {
    await this.arrive(await this.browser.visit('/'))
    const { status } = (await (await this.browser.ask('/oauth/session')).json()) as { readonly status: string }
    if (status !== 'signed-in') this.#tally.interrupted.push(`was ${status} when all was quiet`)
  }

  async arrive(response: Response): Promise<void> {
    if (response.status === 303) return this.follow(response)
    const text = await response.text()
    // `expired` is what one of two tabs shows while the other is on its way to restore the session.
    if (text !== 'signed-in' && text !== 'expired')
      this.#tally.interrupted.push(`${response.status} ${text.slice(0, 60)}`)
  }
}

export const runChaos = async (setting: Setting, seed: number): Promise<Tally> => {
  const roll = dice(seed)
  const tally: Tally = { requests: 0, refreshes: 0, sentTwice: 0, silentRestores: 0, interrupted: [], slowestMs: 0 }
  const server = await startProvider({ profile: setting.profile })
  const app = await server.registerApp({ redirectUris: [`${origin}/oauth/callback`] })
  let ahead = 0
  const platform = {
    fetch: watching(tally),
    now: () => Date.now() + ahead,
    random: own.random,
    sleep: own.sleep,
  }
  const options = {
    env: { ...app.env, CIVITAI_ORIGIN: origin, CIVITAI_SESSION_SECRET: 'x'.repeat(32) },
    session: { idle: 400 * 86_400 },
    ...(setting.store && { store: setting.store }),
  }
  const processes: CivitaiAuth[] = Array.from({ length: setting.processes }, () => createAuth(options, platform))
  const handle = (request: Request): Promise<Response> =>
    (processes[roll(processes.length)] as CivitaiAuth).handle(request, ({ status }) => new Response(status))

  const people: Person[] = []
  for (let person = 0; person < setting.people; person++) {
    const user = ['ada', 'ben', 'mod'][person % 3] as string
    const browser = new Browser(origin, handle)
    const leaving = await browser.visit('/oauth/sign-in')
    await browser.visit(await server.approve(leaving.headers.get('location') as string, { user, remember: true }))
    people.push(new Person(browser, await server.signIn(user), server, tally))
  }

  for (let round = 0; round < setting.rounds; round++) {
    // Mostly about to run out, sometimes long gone.
    const seconds = roll(4) === 0 ? 2 * hour : hour - 30
    server.advance(seconds)
    ahead += seconds * 1000
    const kind = kinds[roll(kinds.length)]
    if (kind !== undefined && kind !== 'none') server.break({ at: 'token', kind, times: 1 + roll(3), ms: 30 })
    await Promise.all(
      people.map(async (person) => {
        const requests = Array.from({ length: parallel }, (_, index) =>
          index < tabs
            ? person.browser.request(`/tab/${index}`, {
                headers: { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' },
              })
            : person.browser.request('/oauth/session', {
                headers: { accept: 'application/json', 'sec-fetch-dest': 'empty' },
              }),
        )
        const answers = await Promise.all(
          requests.map(async (request) => {
            const began = performance.now()
            const response = await handle(request)
            tally.requests++
            tally.slowestMs = Math.max(tally.slowestMs, performance.now() - began)
            person.browser.keep(response)
            return { request, response }
          }),
        )
        for (const { request, response } of answers.toSorted(() => roll(3) - 1))
          if (!request.url.endsWith('/oauth/session')) await person.arrive(response)
      }),
    )
    // What was broken and not asked for is mended before the next round, and every person looks once more.
    server.break({ at: 'token', kind: 'delay', times: 0, ms: 0 })
    ahead += 61_000
    server.advance(61)
    for (const person of people) await person.settle()
  }
  await server.close()
  return tally
}
