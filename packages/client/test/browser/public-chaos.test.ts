/** Tabs of a public client, and whatever people and browsers do with them, in any order. */
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { issuer } from '../fake-server.ts'
import { patience, runs } from '../property.ts'
import { PublicBrowser, type Tab, settled } from './public-tab.ts'

const hour = 3_600_000
const people = { ada: { sub: '7', username: 'ada' }, ben: { sub: '8', username: 'ben' } }
type Person = keyof typeof people
type Persist = 'memory' | 'local'

const one = fc.nat(2)
/** Two tabs meet more often, three differ more. */
const howMany = fc.constantFrom(2, 3)
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('signIn' as const),
      tab: one,
      who: fc.constantFrom<Person>('ada', 'ben'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('signOut' as const), tab: one }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('sleep' as const, 'wake' as const), tab: one }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('load' as const), tab: one }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('call' as const), tab: one }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('wait' as const),
      ms: fc.constantFrom(1_000, 40_000, hour - 30_000, 30 * hour),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

class Life {
  readonly browser = new PublicBrowser()
  readonly tabs: Tab[] = []
  readonly asleep = new Set<Tab>()
  /** Who is signed in, as the person would say. */
  who: Person | undefined
  readonly persist: Persist
  constructor(persist: Persist) {
    this.persist = persist
    this.browser.server.replays = false
  }

  /** Opens a page, and follows the browser to the server and back. */
  async load(tab: Tab, address = 'https://spa.test/'): Promise<void> {
    this.asleep.delete(tab)
    await tab.open(address, { persist: this.persist })
    if (!tab.address.startsWith(issuer)) return
    const { who, browser } = this
    // The browser is signed in at the server as whoever came last, and nobody after a sign-out that forgets them there.
    browser.server.user = people[who ?? 'ada']
    await tab.open(browser.server.approve(tab.address, who === undefined ? { error: 'login_required' } : {}), {
      persist: this.persist,
    })
  }

  async begin(count: number): Promise<void> {
    for (let tab = 0; tab < count; tab++) this.tabs.push(await this.browser.tab({ persist: this.persist }))
  }

  async take(taken: Step): Promise<void> {
    // Nothing that a person does takes no time at all.
    vi.setSystemTime(Date.now() + 10)
    if (taken.does === 'wait') return void vi.setSystemTime(Date.now() + taken.ms)
    const tab = this.tabs[taken.tab % this.tabs.length] as Tab
    if (taken.does === 'load') return this.load(tab)
    if (taken.does === 'wake') {
      this.asleep.delete(tab)
      return tab.wake()
    }
    // Nobody does anything in a tab that nobody looks at.
    if (this.asleep.has(tab)) return
    if (taken.does === 'sleep') {
      this.asleep.add(tab)
      return tab.sleep()
    }
    tab.focus()
    if (taken.does === 'call') await tab.store.accessToken().catch(() => {})
    if (taken.does === 'signOut') {
      await tab.store.signOut()
      this.who = undefined
    }
    if (taken.does === 'signIn') {
      this.browser.server.user = people[taken.who]
      await tab.signIn({ persist: this.persist })
      this.who = taken.who
    }
    await settled()
  }

  /** Every tab is looked at once more, and the first of them when all are awake. */
  async end(): Promise<readonly string[]> {
    for (const tab of [...this.tabs, ...this.tabs]) await this.take({ does: 'wake', tab: this.tabs.indexOf(tab) })
    return this.tabs.map(({ store }) => {
      const session = store.get()
      return session.status === 'signed-in' ? session.user.username : session.status
    })
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 }))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const lives = (persist: Persist, claim: (life: Life, seen: readonly string[]) => void) =>
  fc.assert(
    fc.asyncProperty(howMany, fc.array(step, { minLength: 4, maxLength: 14 }), async (count, steps) => {
      vi.setSystemTime(1_700_000_000_000)
      const life = new Life(persist)
      await life.begin(count)
      for (const taken of steps) await life.take(taken)
      claim(life, await life.end())
      life.browser.silence()
    }),
    { numRuns: runs / 5 },
  )

describe.each<Persist>(['memory', 'local'])('tabs with tokens in %s', (persist) => {
  it('K10 are signed in as whoever came last or not at all, and nobody after a sign-out', { timeout: patience }, () =>
    lives(persist, ({ who }, seen) => {
      for (const one of seen) expect([who, 'expired', 'signed-out']).toContain(one)
      if (who === undefined) expect(seen).not.toContain('ada')
    }),
  )
})

describe('tabs that share what they keep', () => {
  it('K10 send no token twice, to a server that forgives nothing', { timeout: patience }, () =>
    lives('local', ({ browser }) => {
      const { asked } = browser.server
      expect(asked.filter((token, at) => asked.indexOf(token) !== at)).toEqual([])
    }),
  )
})
