import { beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryStore } from '../../src/store/memory.ts'
import type { SessionStore } from '../../src/store/store.ts'
import { App } from '../app.ts'
import { Browser } from '../browser.ts'

const hour = 3_600_000
let clock: { now: number }
let store: SessionStore

beforeEach(() => {
  clock = { now: 1_700_000_000_000 }
  store = memoryStore(() => clock.now)
})

const start = (server?: App['server']) => new App({ store }, { clock, ...(server && { server }) })
const copyOf = (browser: Browser, handle: App['handle']) => {
  const copy = new Browser('https://app.test', handle)
  for (const [name, value] of browser.jar) copy.jar.set(name, value)
  return copy
}
/** Four processes over one store, and a person signed in to one of them. */
const processes = async () => {
  const first = start()
  await first.signIn()
  const others = [start(first.server), start(first.server), start(first.server)]
  first.server.asked.length = 0
  return { first, all: [first, ...others] }
}

describe('a session in a store', () => {
  it('leaves no token in the cookie, and no cookie value in the store', async () => {
    const app = start()
    app.server.user = { ...app.server.user, picture: 'x'.repeat(20_000) }
    await app.signIn()
    const [[, cookie = ''] = []] = [...app.browser.jar]
    expect(cookie.length).toBeLessThan(400)
    const [id = ''] = await store.ofUser('7')
    expect(await store.load(id)).not.toMatch(/access-\d|refresh-\d|username/)
    expect(await app.session()).toMatchObject({ status: 'signed-in' })
  })

  it('has another ticket after each sign-in, and the old one opens nothing', async () => {
    const app = start()
    await app.signIn()
    const thief = copyOf(app.browser, app.handle)
    await app.signIn()
    expect(await app.session(thief)).toEqual({ status: 'signed-out' })
    expect(await store.ofUser('7')).toHaveLength(1)
  })

  it('is gone from the store after sign-out', async () => {
    const app = start()
    await app.signIn()
    const thief = copyOf(app.browser, app.handle)
    await app.browser.submit('/oauth/sign-out')
    expect([await store.ofUser('7'), await app.session(thief)]).toEqual([[], { status: 'signed-out' }])
  })

  it('is gone from the store when the server refuses to go on, and the browser is told that it ended', async () => {
    const app = start()
    await app.signIn()
    app.server.end()
    clock.now += hour
    const leaving = await app.browser.visit('/gallery')
    await app.browser.visit(app.server.approve(leaving.headers.get('location') as string, { error: 'login_required' }))
    expect([await app.session(), await store.ofUser('7')]).toEqual([{ status: 'signed-out', reason: 'ended' }, []])
  })

  it('K10 stays gone when a renewal had looked already, and saves a moment after the sign-out', async () => {
    const [looked, saving] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const slow: SessionStore = {
      ...store,
      save: async (id, session) => {
        looked.resolve()
        await saving.promise
        await store.save(id, session)
      },
    }
    const first = start()
    await first.signIn()
    const other = new App({ store: slow }, { clock, server: first.server })
    clock.now += hour - 30_000
    const page = other.handle(first.browser.request('/'))
    await looked.promise
    await first.browser.submit('/oauth/sign-out')
    saving.resolve()
    await page
    expect([await store.ofUser('7'), first.server.revoked.at(-1)]).toEqual([[], 'refresh-3'])
    await first.signIn()
    expect(await first.session()).toMatchObject({ status: 'signed-in' })
  })

  it('X3 keeps a pair that the store did not take, and spends nothing twice when it comes back', async () => {
    let down = false
    const flaky: SessionStore = {
      ...store,
      save: (id, session) => (down ? Promise.reject(new Error('read only')) : store.save(id, session)),
    }
    const app = new App({ store: flaky }, { clock })
    await app.signIn()
    app.server.replays = false
    app.server.asked.length = 0
    clock.now += hour - 30_000
    down = true
    expect(await (await app.browser.visit('/')).text()).toBe('signed-in')
    clock.now += 6_000
    expect(await (await app.browser.visit('/')).text()).toBe('signed-in')
    clock.now += 60_000
    down = false
    expect(await (await app.browser.visit('/')).text()).toBe('signed-in')
    expect([await app.session(), app.server.asked]).toEqual([
      expect.objectContaining({ status: 'signed-in', expiresAt: expect.any(Number) }),
      ['refresh-2'],
    ])
    const [id = ''] = await store.ofUser('7')
    await app.browser.submit('/oauth/sign-out')
    expect([await store.load(id), app.server.revoked]).toEqual([undefined, ['refresh-3']])
  })

  it('K10 takes back a pair that the store did not take, when the person signed out meanwhile', async () => {
    let down = false
    const flaky: SessionStore = {
      ...store,
      save: (id, session) => (down ? Promise.reject(new Error('read only')) : store.save(id, session)),
    }
    const app = new App({ store: flaky }, { clock })
    await app.signIn()
    const page = app.browser.request('/')
    clock.now += hour - 30_000
    down = true
    await app.handle(app.browser.request('/'))
    await app.browser.submit('/oauth/sign-out')
    clock.now += 6_000
    await app.handle(page)
    expect(app.server.revoked).toContain('refresh-3')
  })

  it('K10 is renewed once by four processes at the same time, by a server that forgives nothing', async () => {
    const { first, all } = await processes()
    first.server.replays = false
    clock.now += hour
    const answers = await Promise.all(
      all.flatMap((app) =>
        Array.from({ length: 8 }, () => app.handle(first.browser.request('/')).then((answer) => answer.text())),
      ),
    )
    expect(new Set(answers)).toEqual(new Set(['signed-in']))
    expect(first.server.asked).toHaveLength(1)
  })

  it('goes on in another process, whoever renewed it', async () => {
    const { first, all } = await processes()
    first.server.replays = false
    for (let turn = 0; turn < 12; turn++) {
      clock.now += hour
      const app = all[turn % all.length] as App
      expect(await (await app.handle(first.browser.request('/'))).text()).toBe('signed-in')
    }
    expect(new Set(first.server.asked).size).toBe(first.server.asked.length)
  })

  it('is read again before anybody gives up on it', async () => {
    const { first, all } = await processes()
    first.server.replays = false
    clock.now += hour
    await first.handle(first.browser.request('/'))
    const late = all[1] as App
    expect(await (await late.handle(first.browser.request('/'))).text()).toBe('signed-in')
    expect(first.server.asked).toHaveLength(1)
  })

  it('goes on under the same ticket when it was restored, for other tabs are under way with it', async () => {
    const app = start()
    await app.signIn()
    app.server.refreshTokens.clear()
    clock.now += hour
    const tab = copyOf(app.browser, app.handle)
    const leaving = await app.browser.visit('/')
    await app.browser.visit(app.server.approve(leaving.headers.get('location') as string))
    expect(await app.session()).toMatchObject({ status: 'signed-in' })
    expect(await app.session(tab)).toMatchObject({ status: 'signed-in' })
  })

  it('sends a refused token once, whatever process it is asked of', async () => {
    const { first, all } = await processes()
    first.server.refreshTokens.clear()
    clock.now += hour - 30_000
    for (const app of all) expect(await (await app.handle(first.browser.request('/'))).text()).toBe('signed-in')
    expect(first.server.asked).toHaveLength(1)
  })

  describe('while the store does not answer', () => {
    let down: boolean
    let app: App
    beforeEach(async () => {
      vi.spyOn(console, 'error').mockReturnValue()
      down = false
      const refusing = async () => {
        throw new Error('connection refused')
      }
      app = new App(
        {
          store: {
            ...store,
            load: (id) => (down ? refusing() : store.load(id)),
            delete: (id) => (down ? refusing() : store.delete(id)),
          },
        },
        { clock },
      )
      await app.signIn()
    })

    it('X3 answers 503, says when to come again, and loses nobody', async () => {
      down = true
      const answer = await app.browser.visit('/')
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
      expect(await answer.text()).toContain('store_unavailable')
      expect(console.error).toHaveBeenCalledWith(expect.any(String), 'connection refused')
      down = false
      expect(await app.session()).toMatchObject({ status: 'signed-in' })
    })

    it('K5 X3 leads to no other host, whatever the address that is tried again', async () => {
      down = true
      for (const accept of ['text/html', 'application/json']) {
        const answer = await app.browser.ask('/.//evil.example/', { headers: { accept } })
        expect([answer.status, await answer.text()]).toEqual([503, expect.not.stringContaining('evil.example')])
      }
    })

    it.each(['/', '/oauth/session'])(
      'X3 gives an opened visit of %s the same answer, and nobody’s session',
      async (path) => {
        down = true
        const visit = await app.auth.open(app.browser.request(path))
        expect([visit.response?.status, visit.response?.headers.get('retry-after')]).toEqual([503, '5'])
        expect(visit.session.status).toBe('signed-out')
        const headers = new Headers()
        expect([await visit.commit(headers), headers.getSetCookie()]).toEqual([undefined, []])
        down = false
        expect(await app.session()).toMatchObject({ status: 'signed-in' })
      },
    )

    it.each(['handle', 'open'])(
      'X3 answers 503 in place of a page whose session could not be ended (%s)',
      async (how) => {
        const request = app.browser.request('/')
        const leave = async () => {
          await app.browser.submit('/oauth/sign-out')
          down = true
        }
        app.page = async ({ status }) => {
          await leave()
          return new Response(status)
        }
        const opened = how === 'open' ? await app.auth.open(request) : undefined
        if (opened) await leave()
        const answer = opened ? await opened.commit(new Headers()) : await app.handle(request)
        expect([answer?.status, answer?.headers.get('retry-after')]).toEqual([503, '5'])
      },
    )
  })
})

describe('lifetimes', () => {
  it.each([
    ['in a cookie', undefined],
    ['in a store', 'store'],
  ])('end a session %s that nobody renewed for long enough', async (_, kind) => {
    const options = { session: { idle: 7200 }, ...(kind && { store }) }
    const app = new App(options, { clock })
    await app.signIn()
    app.later(hour)
    await app.browser.visit('/')
    app.later(2 * hour - 1000)
    expect(await app.session()).toMatchObject({ status: 'signed-in' })
    app.later(2 * hour)
    expect(await app.session()).toEqual({ status: 'signed-out' })
  })

  it('end every session so long after sign-in, renewed or not', async () => {
    const app = new App({ session: { absolute: 3 * 3600 } }, { clock })
    await app.signIn()
    for (let hours = 1; hours < 3; hours++) {
      app.later(hour)
      expect(await (await app.browser.visit('/')).text()).toBe('signed-in')
    }
    app.later(hour)
    expect(await (await app.browser.visit('/')).text()).toBe('signed-out')
  })
})

describe('without a request', () => {
  it('calls the API for a person, and renews what it needs', async () => {
    const app = start()
    await app.signIn()
    clock.now += hour
    const caller = await app.auth.forUser('7')
    expect(await (await caller.fetch('/api/v1/me')).json()).toEqual({ username: 'ada' })
    expect(await (await app.browser.visit('/')).text()).toBe('signed-in')
    expect(app.server.asked).toHaveLength(2)
  })

  it('asks anew when the API says that the token is dead', async () => {
    const app = start()
    await app.signIn()
    app.server.accessTokens.clear()
    const caller = await app.auth.forUser('7')
    expect((await caller.fetch('/api/v1/me')).status).toBe(200)
  })

  it('throws what is missing, for nobody is there to be asked', async () => {
    const app = start()
    await app.signIn()
    const caller = await app.auth.forUser('7')
    await expect(caller.fetch('/api/v1/models?needs=ModelsWrite')).rejects.toMatchObject({
      _tag: 'ScopesMissing',
      detail: { missing: ['ModelsWrite'] },
    })
  })

  it('says so when the server no longer renews it', async () => {
    const app = start()
    await app.signIn()
    app.server.end()
    clock.now += hour
    await expect((await app.auth.forUser('7')).accessToken()).rejects.toMatchObject({ _tag: 'NotSignedIn' })
  })

  it('says so when the person has no session', async () => {
    await expect(start().auth.forUser('8')).rejects.toMatchObject({ _tag: 'NotSignedIn' })
  })

  it('says what is missing when sessions live in cookies', async () => {
    await expect(new App().auth.forUser('7')).rejects.toThrow('store')
  })

  it('signs a person out of every browser', async () => {
    const app = start()
    await app.signIn()
    const other = new Browser('https://app.test', app.handle)
    await app.signIn('/oauth/sign-in', other)
    expect(await app.auth.endEverywhere('7')).toBe(2)
    expect([await app.session(), await app.session(other)]).toEqual([
      { status: 'signed-out' },
      { status: 'signed-out' },
    ])
    expect(app.server.revoked).toHaveLength(2)
  })
})

describe('as the app’s own account', () => {
  it('asks for one token for all who need it at the same time', async () => {
    const app = new App()
    const owner = await app.auth.asOwner('ModelsRead')
    await Promise.all(Array.from({ length: 10 }, () => owner.accessToken()))
    const again = await app.auth.asOwner('ModelsRead')
    expect((await again.fetch('/api/v1/me')).status).toBe(200)
    expect(app.server.asked).toHaveLength(1)
    clock = app.clock
    app.later(hour)
    await owner.accessToken()
    expect(app.server.asked).toHaveLength(2)
  })

  it('asks anew when the token turns out to be dead', async () => {
    const app = new App()
    const owner = await app.auth.asOwner()
    await owner.accessToken()
    app.server.accessTokens.clear()
    expect((await owner.fetch('/api/v1/me')).status).toBe(200)
  })

  it.each([
    ['20', 20_000],
    [new Date(1_700_000_030_000).toUTCString(), 30_000],
    ['later', 5_000],
    [undefined, 5_000],
  ])('says when to come again when the server is busy until %s', async (retryAfter, ms) => {
    const app = new App()
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
    app.server.faults.push({ kind: 'status', status: 429, headers })
    await expect((await app.auth.asOwner()).accessToken()).rejects.toMatchObject({
      _tag: 'ServerUnavailable',
      detail: { until: app.clock.now + ms, sent: false },
    })
  })

  it('says what the server said when it refuses', async () => {
    const app = new App({ clientSecret: 'wrong' })
    await expect((await app.auth.asOwner()).accessToken()).rejects.toMatchObject({
      _tag: 'ExchangeRefused',
      detail: { error: 'invalid_client' },
    })
  })
})
