/** Tabs of a public client that slept, in the back/forward cache or for days, while others went on. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PublicBrowser, settled } from './public-tab.ts'

const hour = 3_600_000
let browser: PublicBrowser
const later = (ms: number) => vi.setSystemTime(Date.now() + ms)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 })
  browser = new PublicBrowser()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const signedIn = async (...options: Parameters<PublicBrowser['tab']>) => {
  const tab = await browser.tab(...options)
  await tab.signIn(...options)
  later(1000)
  return tab
}

describe('a tab that slept through a sign-out', () => {
  it('is signed out when it wakes', async () => {
    const one = await signedIn()
    const two = await browser.tab()
    two.sleep()
    await one.store.signOut()
    expect(two.store.get().status).toBe('signed-in')
    await two.wake()
    expect(two.store.get()).toEqual({ status: 'signed-out' })
  })

  it('does not bring the session back when it was discarded and loads anew', async () => {
    const one = await signedIn()
    const two = await browser.tab()
    two.sleep()
    await one.store.signOut()
    await two.open('https://spa.test/gallery')
    expect([two.store.get(), two.address]).toEqual([{ status: 'signed-out' }, 'https://spa.test/gallery'])
  })

  it('neither renews the session nor hands it to others', async () => {
    const one = await signedIn({ persist: 'local' })
    const two = await browser.tab({ persist: 'local' })
    two.sleep()
    await one.store.signOut()
    one.close()
    browser.server.asked.length = 0
    for (const channel of browser.channels) channel.asleep = false
    const three = await browser.tab({ persist: 'local' })
    expect(three.store.get()).toEqual({ status: 'signed-out' })
    later(hour)
    await expect(two.store.accessToken()).rejects.toMatchObject({ _tag: 'NotSignedIn' })
    expect([browser.server.asked, browser.localStorage.dump().map(([key]) => key)]).toEqual([
      [],
      [expect.stringMatching(/:out$/)],
    ])
  })

  it('stays signed out when a silent round trip was under way meanwhile', async () => {
    const one = await signedIn()
    const two = await browser.tab()
    one.sleep()
    browser.silence()
    await two.open('https://spa.test/gallery')
    const back = browser.server.approve(two.address)
    later(1000)
    await one.store.signOut()
    await two.open(back)
    expect(two.store.get()).toEqual({ status: 'signed-out' })
  })

  it('hears of a sign-in that came after it', async () => {
    const one = await signedIn()
    const two = await browser.tab()
    two.sleep()
    await one.store.signOut()
    later(1000)
    browser.server.user = { sub: '8', username: 'ben' }
    await one.signIn()
    await two.wake()
    expect(two.store.get()).toMatchObject({ status: 'signed-in', user: { username: 'ben' } })
  })
})

describe('a clock that was set back after a sign-out', () => {
  it('X5 keeps nobody out who signs in again', async () => {
    const tab = await signedIn({ persist: 'local' })
    await tab.store.signOut()
    later(-30 * 24 * hour)
    await tab.signIn({ persist: 'local' })
    await tab.wake()
    expect(tab.store.get()).toMatchObject({ status: 'signed-in' })
    await tab.open('https://spa.test/gallery', { persist: 'local' })
    expect(tab.store.get()).toMatchObject({ status: 'signed-in' })
  })
})

describe('a tab that slept for days', () => {
  it('renews its session when it wakes', async () => {
    const tab = await signedIn()
    tab.sleep()
    later(5 * 24 * hour)
    await tab.wake()
    expect(tab.store.get()).toMatchObject({ status: 'signed-in', expiresAt: Date.now() + hour })
  })

  it('takes over what a tab renewed that is closed by now, and spends no token twice', async () => {
    const options = { persist: 'local' } as const
    const one = await signedIn(options)
    const two = await browser.tab(options)
    browser.server.replays = false
    two.sleep()
    later(hour)
    const token = await one.store.accessToken()
    one.close()
    browser.server.asked.length = 0
    await two.wake()
    expect([await two.store.accessToken(), browser.server.asked]).toEqual([token, []])
  })

  it('takes part in a session that began meanwhile', async () => {
    const one = await browser.tab()
    const two = await browser.tab()
    two.sleep()
    await one.signIn()
    await two.wake()
    expect(two.store.get()).toMatchObject({ status: 'signed-in' })
  })

  it('sends no token that was renewed while it waited for its turn', async () => {
    const one = await signedIn()
    const two = await browser.tab()
    browser.server.replays = false
    browser.server.asked.length = 0
    later(hour)
    const answers = await Promise.all([one.store.accessToken(), two.store.accessToken(), one.store.accessToken()])
    expect([new Set(answers).size, browser.server.asked.length]).toEqual([1, 1])
  })
})

describe('the back button', () => {
  it('K9 leads to a page that goes on, after a silent round trip that went nowhere', async () => {
    const tab = await signedIn()
    browser.silence()
    const store = await tab.open('https://spa.test/gallery')
    expect(store.get()).toEqual({ status: 'unknown' })
    await tab.wake()
    expect(store.get()).toMatchObject({ status: 'expired' })
  })

  it('leads to a page that renews its session, after a permission that nobody answered for', async () => {
    const tab = await signedIn()
    const left = tab.leaves()
    void tab.store.fetch('/api/v1/models?needs=ModelsWrite')
    await left
    await settled()
    later(2 * hour)
    await tab.wake()
    expect(tab.store.get()).toMatchObject({ status: 'signed-in', expiresAt: Date.now() + hour })
  })
})

describe('a tab that nobody looks at', () => {
  it('asks for nothing, until somebody does', async () => {
    const tab = await signedIn()
    browser.server.asked.length = 0
    later(2 * hour)
    await tab.turnTo('hidden')
    expect(browser.server.asked).toEqual([])
    await tab.turnTo('visible')
    expect(browser.server.asked).toHaveLength(1)
  })
})

describe('another account in another tab', () => {
  it('K1 is what a third tab gets, though a refresh for the first ends later', async () => {
    const one = await signedIn()
    const two = await browser.tab()
    const renewal = Promise.withResolvers<void>()
    browser.server.faults.push({ kind: 'held', until: renewal.promise })
    later(hour)
    const renewing = one.store.accessToken()
    await settled()
    browser.server.user = { sub: '8', username: 'ben' }
    browser.server.extra = { expires_in: 1800 }
    await two.signIn()
    renewal.resolve()
    await renewing
    two.close()
    const three = await browser.tab()
    expect(three.store.get()).toMatchObject({ status: 'signed-in', user: { username: 'ben' } })
  })
})
