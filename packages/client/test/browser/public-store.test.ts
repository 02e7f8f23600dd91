import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { quaily } from '@civitai-oauth/core/dialects/quaily'
import { type PublicOptions, createPublicStore } from '../../src/browser/public-store.ts'
import { apiOrigin } from '../fake-server.ts'
import { PublicBrowser } from './public-tab.ts'

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

/** A reload ends the page that held the tokens; here its store would still answer, so it is told to forget first. */
const reloadAlone = async (tab: Awaited<ReturnType<PublicBrowser['tab']>>) => {
  browser.silence()
  return tab.open('https://spa.test/gallery')
}
const prompt = (address: string) => new URL(address).searchParams.get('prompt')

describe('an app without a server', () => {
  it('signs a person in with PKCE and no secret, and keeps the code out of the address', async () => {
    const tab = await browser.tab()
    expect(tab.store.get()).toEqual({ status: 'signed-out' })
    await tab.signIn()
    expect(tab.store.get()).toMatchObject({
      status: 'signed-in',
      user: { username: 'ada' },
      scopes: ['UserRead', 'BuzzRead'],
    })
    expect(tab.address).toBe('https://spa.test/gallery?page=2')
  })

  it('keeps tokens out of every storage', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    expect(JSON.stringify([tab.sessionStorage, browser.localStorage].map((storage) => storage.dump()))).not.toMatch(
      /access-|refresh-/,
    )
  })

  it('calls the API with the bearer, and nobody else', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    expect(await (await tab.store.fetch('/api/v1/me')).json()).toEqual({ username: 'ada' })
    await expect(tab.store.fetch('https://evil.test/')).rejects.toMatchObject({ _tag: 'OriginNotAllowed' })
    expect(browser.server.calls).toEqual([
      { url: `${apiOrigin}/api/v1/me`, authorization: expect.stringContaining('Bearer') },
    ])
  })

  it('renews the access token once for thirty calls at the same time', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    browser.server.asked.length = 0
    later(hour)
    const answers = await Promise.all(Array.from({ length: 30 }, () => tab.store.fetch('/api/v1/me')))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200))
    expect(browser.server.asked).toHaveLength(1)
  })

  it('renews it after a 401, and asks again once', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    browser.server.accessTokens.clear()
    expect((await tab.store.fetch('/api/v1/me')).status).toBe(200)
  })

  it.each([429, 503])('goes on signed in when the server answers %i', async (status) => {
    const tab = await browser.tab()
    await tab.signIn()
    later(hour + 1000)
    browser.server.faults.push({ kind: 'status', status, headers: { 'retry-after': '20' } })
    await expect(tab.store.accessToken()).rejects.toMatchObject({ _tag: 'ServerUnavailable' })
    expect(tab.store.get().status).toBe('signed-in')
    later(21_000)
    expect(await tab.store.accessToken()).toMatch(/^access-/)
  })

  it('carries on when the answer to a refresh was lost', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    later(hour)
    browser.server.faults.push({ kind: 'lost' })
    expect(await tab.store.accessToken()).toMatch(/^access-/)
  })

  it('asks for a permission that is missing', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    const left = tab.leaves()
    void tab.store.fetch('/api/v1/models?needs=ModelsWrite')
    expect(new URL(await left).searchParams.get('scope')).toBe(String(1 + 8 + 65_536))
  })

  it('K10 does not go round in circles for a permission that is never granted, and says so', async () => {
    const tab = await browser.tab()
    const granted = ['UserRead', 'BuzzRead']
    await tab.signIn({}, { granted })
    later(hour - 120_000)
    const asks = async () => {
      const left = tab.leaves()
      const answer = tab.store.fetch('/api/v1/models?needs=ModelsWrite')
      const went = await Promise.race([left, answer.then(({ status }) => status)])
      if (typeof went === 'string') await tab.open(browser.server.approve(went, { granted }))
      return went
    }
    expect(await asks()).toContain('scope=')
    expect(tab.store.error()).toBeUndefined()
    expect(await asks()).toContain('scope=')
    expect([await asks(), tab.store.error(), tab.store.get().status]).toEqual([403, 'ScopesMissing', 'signed-in'])
    later(31_000)
    expect(await asks()).toContain('scope=')
  })

  it('says why a sign-in did not succeed', async () => {
    const tab = await browser.tab()
    await tab.signIn({}, { error: 'access_denied' })
    expect([tab.store.get(), tab.store.error()]).toEqual([{ status: 'signed-out' }, 'ConsentDenied'])
  })

  it('brings back who was signed in and refused to allow more, and says why', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    const left = tab.leaves()
    tab.store.signIn({ scopes: ['AIServicesWrite'] })
    const asked = await left
    browser.silence()
    await tab.open(browser.server.approve(asked, { error: 'access_denied' }))
    expect([prompt(tab.address), tab.store.get()]).toEqual(['none', { status: 'unknown' }])
    await tab.open(browser.server.approve(tab.address))
    expect([tab.store.get().status, tab.store.error()]).toEqual(['signed-in', 'ConsentDenied'])
    await reloadAlone(tab)
    await tab.open(browser.server.approve(tab.address))
    expect(tab.store.error()).toBeUndefined()
  })

  it('K1 refuses a callback that this tab did not start', async () => {
    const tab = await browser.tab()
    const stranger = await browser.tab()
    const left = tab.leaves()
    tab.store.signIn()
    await stranger.open(browser.server.approve(await left))
    expect([stranger.store.get(), stranger.store.error()]).toEqual([{ status: 'signed-out' }, 'AttemptMissing'])
    expect(browser.server.asked).toEqual([])
  })

  it.each([
    ['another server', (callback: URL) => callback.searchParams.set('iss', 'https://evil.test')],
    ['none, from a server that always does', (callback: URL) => callback.searchParams.delete('iss')],
  ])('K2 refuses an answer that names %s', async (_, tamper) => {
    const tab = await browser.tab()
    const left = tab.leaves()
    tab.store.signIn()
    const callback = new URL(browser.server.approve(await left))
    tamper(callback)
    await tab.open(callback.href)
    expect([tab.store.error(), browser.server.asked]).toEqual(['IssuerMismatch', []])
  })
})

describe('a callback', () => {
  const callback = async () => {
    const tab = await browser.tab()
    const left = tab.leaves()
    tab.store.signIn()
    return { tab, url: new URL(browser.server.approve(await left)) }
  }

  it('K7 with a parameter twice is refused, and its code is not sent', async () => {
    const { tab, url } = await callback()
    url.searchParams.append('code', 'another')
    await tab.open(url.href)
    expect([tab.store.error(), browser.server.asked, tab.address]).toEqual([
      'StateMismatch',
      [],
      'https://spa.test/gallery?page=2',
    ])
  })

  it('K2 without an issuer counts for a server that publishes no promise to send one', async () => {
    browser.server.sendsIssuer = false
    const { tab, url } = await callback()
    await tab.open(url.href)
    expect(tab.store.get()).toMatchObject({ status: 'signed-in' })
  })

  it.each([
    ['cannot be reached', () => Promise.reject(new TypeError('offline'))],
    ['is no JSON', async () => new Response('<html>')],
    ['is an error', async () => Response.json({}, { status: 500 })],
  ])('K2 without an issuer is refused when the metadata %s', async (_, metadata) => {
    const { tab, url } = await callback()
    url.searchParams.delete('iss')
    vi.stubGlobal('fetch', metadata)
    await tab.open(url.href)
    expect([tab.store.error(), browser.server.asked]).toEqual(['IssuerMismatch', []])
  })

  it.each([
    ['refuses the code', 'ExchangeRefused', () => browser.server.codes.clear()],
    ['is busy', 'ServerUnavailable', () => void browser.server.faults.push({ kind: 'status', status: 503 })],
    ['loses its answer', 'ServerUnavailable', () => void browser.server.faults.push({ kind: 'lost' })],
    ['does not say who it is', 'ServerUnavailable', () => void (browser.server.busy = 503)],
  ])('says so when the server %s, and sends the code once', async (_, error, fault) => {
    const { tab, url } = await callback()
    fault()
    await tab.open(url.href)
    expect([tab.store.error(), tab.store.get(), browser.server.asked.length]).toEqual([
      error,
      { status: 'signed-out' },
      1,
    ])
  })
})

describe('a refresh that is refused', () => {
  it('ends nothing while the access token lives; then the session is expired, and the token was sent once', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    browser.server.refreshTokens.clear()
    browser.server.asked.length = 0
    later(hour - 30_000)
    expect(await tab.store.accessToken()).toMatch(/^access-/)
    expect(tab.store.get().status).toBe('signed-in')
    later(31_000)
    await expect(tab.store.accessToken()).rejects.toMatchObject({ _tag: 'NotSignedIn' })
    expect([tab.store.get().status, browser.server.asked.length]).toEqual(['expired', 1])
  })

  it('for another reason than the person ends nothing at all', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    later(hour)
    browser.server.faults.push({ kind: 'answer', status: 400, body: { error: 'invalid_request' } })
    await expect(tab.store.accessToken()).rejects.toMatchObject({
      _tag: 'ServerUnavailable',
      detail: { until: Date.now() + 5_000 },
    })
    later(5_000)
    await tab.store.reload()
    expect(tab.store.get()).toMatchObject({ status: 'signed-in', expiresAt: Date.now() + hour })
  })
})

describe('an app that says no more than who it is', () => {
  const opened = async (options: Partial<PublicOptions<string>>) => {
    const tab = await browser.tab()
    const { clientId } = browser.server
    const store = createPublicStore({ clientId, ...options })
    const left = tab.leaves()
    store.signIn()
    const { origin, pathname, searchParams } = new URL(await left)
    return { store, to: [origin + pathname, searchParams.get('scope'), searchParams.get('redirect_uri')] }
  }

  it('signs in at production, with what every token holds', async () => {
    const { to, store } = await opened({})
    expect(to).toEqual(['https://auth.civitai.com/api/auth/oauth/authorize', '1', 'https://spa.test/oauth/callback'])
    await expect(store.fetch('https://civitai.com/api/v1/me')).rejects.toMatchObject({ _tag: 'NotSignedIn' })
    await expect(store.fetch('https://civitai.com.evil.test/')).rejects.toMatchObject({ _tag: 'OriginNotAllowed' })
  })

  it('speaks Quaily where it says so, whose pages and API live apart', async () => {
    const { to, store } = await opened({
      dialect: quaily as never,
      scopes: ['user.full', 'nonsense'],
      callbackPath: '/back',
    })
    expect(to).toEqual(['https://quaily.com/oauth/authorize', 'user.full', 'https://spa.test/back'])
    await expect(store.fetch('https://api.quaily.com/users/me')).rejects.toMatchObject({ _tag: 'NotSignedIn' })
  })
})

describe('signing out', () => {
  it.each(['https://evil.test/', '//evil.test', 'javascript:alert(1)'])(
    'K5 stays on our origin when told to go to %s afterwards',
    async (returnTo) => {
      const tab = await browser.tab()
      await tab.signIn()
      await tab.store.signOut({ returnTo })
      expect(tab.address).toBe('https://spa.test/')
    },
  )
})

describe('a reload', () => {
  it('restores a session that no other tab holds, without a page', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    const lone = await reloadAlone(tab)
    expect(prompt(tab.address)).toBe('none')
    // Signing in was one step; this is none, so that going back leads where it led before.
    expect(tab.steps).toBe(1)
    expect(lone.get()).toEqual({ status: 'unknown' })
    await tab.open(browser.server.approve(tab.address))
    expect(tab.store.get()).toMatchObject({ status: 'signed-in' })
  })

  it('K1 never turns into somebody else who is signed in at the server', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    await reloadAlone(tab)
    browser.server.user = { sub: '8', username: 'ben' }
    await tab.open(browser.server.approve(tab.address))
    expect(tab.store.get()).toEqual({ status: 'signed-out', reason: 'ended' })
  })

  it('ends the session when the server would have to show a page', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    await reloadAlone(tab)
    await tab.open(browser.server.approve(tab.address, { error: 'consent_required' }))
    expect(tab.store.get()).toEqual({ status: 'signed-out', reason: 'ended' })
  })

  it('restores it as often as a person loads the page anew', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    for (const _ of [1, 2]) {
      await reloadAlone(tab)
      expect(prompt(tab.address)).toBe('none')
      await tab.open(browser.server.approve(tab.address))
      expect(tab.store.get()).toMatchObject({ status: 'signed-in' })
    }
  })

  it('does not go round in circles', async () => {
    const tab = await browser.tab()
    await tab.signIn()
    await reloadAlone(tab)
    await tab.open('https://spa.test/gallery')
    expect(tab.store.get()).toMatchObject({ status: 'expired' })
  })

  it('opens signed in where the app chose to keep tokens', async () => {
    const tab = await browser.tab({ persist: 'local' })
    await tab.signIn({ persist: 'local' })
    const other = await browser.tab({ persist: 'local' })
    expect(other.store.get()).toMatchObject({ status: 'signed-in' })
  })
})

describe('an app that is pointed at another server', () => {
  it('K8 sends it no token of the first, and begins anew', async () => {
    const tab = await browser.tab({ persist: 'local' })
    await tab.signIn({ persist: 'local' })
    const asked: string[] = []
    vi.stubGlobal('fetch', async (input: string) => {
      asked.push(input)
      throw new TypeError('nobody there')
    })
    later(hour)
    const other = await tab.open('https://spa.test/', { persist: 'local', issuer: 'https://other.test' })
    expect([other.get(), asked, tab.address]).toEqual([{ status: 'signed-out' }, [], 'https://spa.test/'])
  })
})

describe('several tabs', () => {
  it('hand a session to a new one', async () => {
    const one = await browser.tab()
    await one.signIn()
    const two = await browser.tab()
    expect(two.store.get()).toMatchObject({ status: 'signed-in', user: { username: 'ada' } })
  })

  it('hear of a sign-in and of a sign-out', async () => {
    const one = await browser.tab()
    const two = await browser.tab()
    const heard = () =>
      new Promise<void>((done) => {
        const stop = two.store.subscribe(() => {
          stop()
          done()
        })
      })
    const signedIn = heard()
    await one.signIn()
    await signedIn
    expect(two.store.get()).toMatchObject({ status: 'signed-in' })
    const signedOut = heard()
    await one.store.signOut()
    await signedOut
    expect([one.store.get(), two.store.get()]).toEqual([{ status: 'signed-out' }, { status: 'signed-out' }])
  })

  it('refresh once between them', async () => {
    const one = await browser.tab()
    await one.signIn()
    const two = await browser.tab()
    browser.server.asked.length = 0
    later(hour)
    const tokens = await Promise.all([one.store.accessToken(), two.store.accessToken()])
    expect(new Set(tokens).size).toBe(1)
    expect(browser.server.asked).toHaveLength(1)
  })
})
