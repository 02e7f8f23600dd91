/** Browsers that lack or refuse what the store of a public client would use. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Lack, PublicBrowser } from './public-tab.ts'

const hour = 3_600_000

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 }))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe.each<Lack[]>([
  ['localStorage'],
  ['BroadcastChannel'],
  ['locks'],
  ['localStorage', 'BroadcastChannel', 'locks'],
])('without %s %s %s', (...lacks) => {
  it('a person signs in, the session is renewed, and they sign out', async () => {
    const browser = new PublicBrowser(...lacks)
    const tab = await browser.tab()
    expect(tab.store.get()).toEqual({ status: 'signed-out' })
    await tab.signIn()
    expect(tab.store.get()).toMatchObject({ status: 'signed-in', user: { username: 'ada' } })
    vi.setSystemTime(Date.now() + hour)
    const tokens = await Promise.all([tab.store.accessToken(), tab.store.accessToken()])
    expect(new Set(tokens).size).toBe(1)
    await tab.store.signOut()
    expect(tab.store.get()).toEqual({ status: 'signed-out' })
  })
})

describe.each<Lack>(['sessionStorage', 'full storage'])('without %s', (lack) => {
  it('says that nobody can sign in, and sends nobody on a way that leads nowhere', async () => {
    const browser = new PublicBrowser(lack, ...(lack === 'sessionStorage' ? (['localStorage'] as const) : []))
    const tab = await browser.tab()
    expect(tab.store.get()).toEqual({ status: 'signed-out' })
    const told = new Promise<void>((done) => void tab.store.subscribe(done))
    tab.store.signIn()
    await told
    expect([tab.store.error(), tab.address]).toEqual(['StoreUnavailable', 'https://spa.test/gallery?page=2'])
  })
})

describe('a lock that another tab took to sleep with it', () => {
  it('holds up nobody for ever', async () => {
    const asked: { readonly signal?: AbortSignal }[] = []
    vi.stubGlobal('navigator', {
      locks: {
        request: async (_: string, options: { readonly signal?: AbortSignal }) => {
          asked.push(options)
          throw new DOMException('The operation timed out.', 'TimeoutError')
        },
      },
    })
    const tab = await new PublicBrowser().tab()
    await tab.signIn()
    vi.setSystemTime(Date.now() + hour)
    expect(await tab.store.accessToken()).toMatch(/^access-/)
    expect(asked).toEqual([{ signal: expect.any(AbortSignal) }])
  })
})
