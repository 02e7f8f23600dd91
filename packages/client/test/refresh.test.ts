import { describe, expect, it } from 'vitest'
import { App } from './app.ts'
import { Browser } from './browser.ts'
import { apiOrigin } from './fake-server.ts'
import { until } from './until.ts'

const hour = 3_600_000
const location = (response: Response) => response.headers.get('location') as string

const signedIn = async (...options: ConstructorParameters<typeof App>) => {
  const app = new App(...options)
  await app.signIn()
  app.server.asked.length = 0
  return app
}

describe('when the access token is about to run out', () => {
  it('is renewed before the page runs, and the rotated cookie reaches the response', async () => {
    const app = await signedIn()
    app.later(hour - 30_000)
    const before = app.browser.cookie()
    const answer = await app.browser.visit('/')
    expect(await answer.text()).toBe('signed-in')
    expect(app.browser.cookie()).not.toBe(before)
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    expect(await app.session()).toMatchObject({ status: 'signed-in', expiresAt: app.clock.now + hour })
    expect(app.server.asked).toHaveLength(1)
  })

  it('is renewed once for thirty requests at the same time', async () => {
    const app = await signedIn()
    app.later(hour)
    app.page = async (session) => new Response(await session.accessToken())
    const requests = Array.from({ length: 30 }, () => app.browser.request('/', { headers: { accept: 'text/html' } }))
    const answers = await Promise.all(requests.map(async (request) => (await app.handle(request)).text()))
    expect(new Set(answers).size).toBe(1)
    expect(app.server.asked).toHaveLength(1)
  })

  it('serves a late request with the old cookie for a minute, and gives it the new one', async () => {
    const app = await signedIn()
    app.later(hour)
    const late = new Browser('https://app.test', app.handle)
    for (const [name, value] of app.browser.jar) late.jar.set(name, value)
    await app.browser.visit('/')
    expect(await (await late.visit('/')).text()).toBe('signed-in')
    expect(await app.session(late)).toMatchObject({ status: 'signed-in' })
    expect(app.server.asked).toHaveLength(1)
  })

  it.each([429, 500, 503])(
    'goes on signed in when the server answers %i, and leaves it alone for as long as it asks',
    async (status) => {
      const app = await signedIn()
      app.later(hour - 30_000)
      app.server.faults.push({ kind: 'status', status, headers: { 'retry-after': '20' } })
      expect(await (await app.browser.visit('/')).text()).toBe('signed-in')
      app.later(19_000)
      expect(await (await app.browser.visit('/')).text()).toBe('signed-in')
      expect(app.server.asked).toHaveLength(1)
      expect(app.events.map(({ type }) => type)).toContain('refresh-unavailable')
    },
  )

  it('tells a page that needs a token when to try again, and signs nobody out', async () => {
    const app = await signedIn()
    app.later(hour + 1000)
    app.server.faults.push({ kind: 'status', status: 503, headers: { 'retry-after': '20' } })
    app.page = async (session) => Response.json(await session.accessToken().catch((error: unknown) => error))
    expect(await (await app.browser.visit('/')).json()).toMatchObject({
      _tag: 'ServerUnavailable',
      detail: { until: app.clock.now + 20_000 },
    })
    expect(await app.session()).toMatchObject({ status: 'signed-in' })
  })

  it('asks again at once when an answer was lost, and carries on with the one it gets', async () => {
    const app = await signedIn()
    app.later(hour)
    app.server.faults.push({ kind: 'lost' })
    expect(await (await app.browser.visit('/')).text()).toBe('signed-in')
    expect([app.server.asked.length, new Set(app.server.asked).size]).toEqual([2, 1])
    expect(await app.session()).toMatchObject({ expiresAt: app.clock.now + hour })
  })

  it('keeps what was granted when the answer does not say', async () => {
    const app = await signedIn()
    app.server.scopeOnWire = () => undefined
    app.later(hour)
    await app.browser.visit('/')
    expect(await app.session()).toMatchObject({ scopes: ['UserRead', 'BuzzRead'] })
  })

  it('lives as long as the contract has it when the answer does not say, and goes on with the refresh token it has', async () => {
    const app = new App()
    await app.signIn()
    app.later(hour)
    const body = { access_token: 'another', token_type: 'Bearer' }
    app.server.faults.push({ kind: 'answer', body })
    await app.browser.visit('/')
    expect(await app.session()).toMatchObject({ scopes: ['UserRead', 'BuzzRead'], expiresAt: app.clock.now + hour })
    app.later(hour)
    await app.browser.visit('/')
    expect(app.server.asked.slice(-2)).toEqual(['refresh-2', 'refresh-2'])
  })

  it.each(['invalid_client', 'invalid_request', 'unauthorized_client'])(
    'waits for its configuration to be mended on %s',
    async (error) => {
      const app = await signedIn()
      app.later(hour - 30_000)
      app.server.faults.push({ kind: 'answer', status: 400, body: { error } })
      expect(await (await app.browser.visit('/')).text()).toBe('signed-in')
      expect(await app.session()).toMatchObject({ status: 'signed-in' })
    },
  )
})

describe('when the authorization server takes its time', () => {
  const held = (app: App) => {
    const answer = Promise.withResolvers<void>()
    app.server.faults.push({ kind: 'held', until: answer.promise })
    app.patient = false
    return answer
  }

  it('K10 holds up a page for a moment only, while the access token lives, and nobody else after it', async () => {
    const app = await signedIn()
    app.later(hour - 30_000)
    held(app)
    app.page = async (session) => new Response(await session.accessToken())
    expect(await (await app.browser.visit('/')).text()).toBe('access-2')
    expect(await (await app.browser.visit('/')).text()).toBe('access-2')
    expect(app.server.asked).toHaveLength(1)
  })

  it('K10 brings what came meanwhile to the browser with its next request, however late that is', async () => {
    const app = await signedIn()
    app.server.replays = false
    app.later(hour - 30_000)
    const answer = held(app)
    expect((await app.browser.visit('/')).headers.getSetCookie()).toEqual([])
    answer.resolve()
    await until(() => app.server.refreshTokens.size === 2)
    app.patient = true
    app.later(3 * hour)
    app.page = async (session) => new Response(String((await session.fetch('/api/v1/me')).status))
    expect(await (await app.browser.visit('/')).text()).toBe('200')
    expect(await app.session()).toMatchObject({ status: 'signed-in', expiresAt: app.clock.now + hour })
  })

  it('waits for it where the access token is over', async () => {
    const app = await signedIn()
    app.later(hour)
    const answer = held(app)
    const page = app.browser.visit('/')
    await until(() => app.server.asked.length === 1)
    answer.resolve()
    expect((await page).headers.getSetCookie()).toHaveLength(1)
  })

  it('waits for it where an API said that the access token is dead', async () => {
    const app = await signedIn()
    app.server.accessTokens.clear()
    const answer = held(app)
    app.page = async (session) => new Response(String((await session.fetch('/api/v1/me')).status))
    const page = app.browser.visit('/')
    await until(() => app.server.asked.length === 1)
    answer.resolve()
    expect(await (await page).text()).toBe('200')
  })
})

describe('when a page fails after a renewal', () => {
  it('K10 the rotated cookie is not lost: the next answer has it, however late that is', async () => {
    const app = await signedIn()
    app.server.replays = false
    app.later(hour - 30_000)
    const { page } = app
    app.page = () => {
      throw new Error('of the app')
    }
    await expect(app.browser.visit('/')).rejects.toThrow('of the app')
    app.page = page
    app.later(600_000)
    const answer = await app.browser.visit('/')
    expect([await answer.text(), answer.headers.getSetCookie().length]).toEqual(['signed-in', 1])
    expect(app.server.asked).toHaveLength(1)
  })

  it('is served to the old cookie for a minute only, once an answer had it', async () => {
    const app = await signedIn()
    app.server.replays = false
    app.later(hour - 30_000)
    const late = new Browser('https://app.test', app.handle)
    for (const [name, value] of app.browser.jar) late.jar.set(name, value)
    await app.browser.visit('/')
    app.later(61_000)
    await late.visit('/')
    expect(app.server.asked).toHaveLength(2)
  })
})

describe('when the refresh token is refused', () => {
  it('never touches the session cookie, and lives as long as the access token does', async () => {
    const app = await signedIn()
    app.server.refreshTokens.clear()
    app.later(hour - 30_000)
    const session = [...app.browser.jar][0]
    expect(await (await app.browser.visit('/')).text()).toBe('signed-in')
    expect([...app.browser.jar][0]).toEqual(session)
    await app.browser.visit('/')
    expect(app.server.asked).toHaveLength(1)
  })

  it('means nothing to a pair that another process renewed meanwhile', async () => {
    const app = await signedIn()
    const elsewhere = new App({}, { server: app.server, clock: app.clock })
    app.server.replays = false
    app.later(hour - 30_000)
    const stale = new Browser('https://app.test', elsewhere.handle)
    for (const [name, value] of app.browser.jar) stale.jar.set(name, value)
    const renewed = await app.browser.visit('/')
    // The other process is refused, says so in a note of its own, and the renewed cookie arrives after it.
    app.browser.keep(await stale.visit('/'))
    app.browser.keep(renewed)
    expect(await app.session()).toMatchObject({ status: 'signed-in', expiresAt: app.clock.now + hour })
    expect(
      await (await elsewhere.auth.handle(app.browser.request('/oauth/session'), () => new Response())).json(),
    ).toMatchObject({ status: 'signed-in' })
  })

  it('restores the session through one silent round trip at the next navigation', async () => {
    const app = await signedIn()
    app.server.refreshTokens.clear()
    app.later(hour)
    const leaving = await app.browser.visit('/gallery?page=2')
    expect(leaving.status).toBe(303)
    expect(new URL(location(leaving)).searchParams.get('prompt')).toBe('none')
    const back = await app.browser.visit(app.server.approve(location(leaving)))
    expect(location(back)).toBe('/gallery?page=2')
    expect(await app.session()).toMatchObject({ status: 'signed-in' })
    expect(app.events).toContainEqual({ type: 'signed-in', userId: '7', restored: true })
  })

  it('K5 stays on our origin where a path that begins with two slashes was opened meanwhile', async () => {
    const app = await signedIn()
    app.server.refreshTokens.clear()
    app.later(hour)
    const leaving = await app.browser.visit('https://app.test//evil.test/page')
    const back = await app.browser.visit(app.server.approve(location(leaving)))
    expect(location(back)).toBe('/')
  })

  it('K10 restores it for an address too long to be remembered, and leads to the start page', async () => {
    const app = await signedIn()
    app.server.refreshTokens.clear()
    app.later(hour)
    const leaving = await app.browser.visit(`/search?q=${'x'.repeat(6_000)}`)
    for (const cookie of leaving.headers.getSetCookie()) expect(cookie.length).toBeLessThan(4_096)
    expect(location(await app.browser.visit(app.server.approve(location(leaving))))).toBe('/')
  })

  it('K1 never turns into somebody else who is signed in at the server', async () => {
    const app = await signedIn()
    app.server.refreshTokens.clear()
    app.later(hour)
    const leaving = await app.browser.visit('/gallery')
    app.server.user = { sub: '8', username: 'ben' }
    expect(location(await app.browser.visit(app.server.approve(location(leaving))))).toBe('/gallery')
    expect(await app.session()).toEqual({ status: 'signed-out', reason: 'ended' })
    expect(app.server.revoked).toHaveLength(1)
  })

  it('shows scripts an expired session, for only a navigation can restore it', async () => {
    const app = await signedIn()
    app.server.refreshTokens.clear()
    app.later(hour)
    expect(await app.session()).toEqual({ status: 'expired', user: expect.objectContaining({ username: 'ada' }) })
  })

  it('tries once, and shows the page when nothing comes of it', async () => {
    const app = await signedIn()
    app.server.refreshTokens.clear()
    app.later(hour)
    expect((await app.browser.visit('/')).status).toBe(303)
    expect(await (await app.browser.visit('/')).text()).toBe('expired')
  })

  it.each(['login_required', 'consent_required', 'interaction_required', 'access_denied'])(
    'ends the session when the server answers %s, and says so until the next sign-in',
    async (error) => {
      const app = await signedIn()
      app.server.end()
      app.later(hour)
      const leaving = await app.browser.visit('/gallery')
      expect(location(await app.browser.visit(app.server.approve(location(leaving), { error })))).toBe('/gallery')
      expect(await app.session()).toEqual({ status: 'signed-out', reason: 'ended' })
      expect(await app.session()).toEqual({ status: 'signed-out', reason: 'ended' })
      await app.signIn()
      expect(await app.session()).toMatchObject({ status: 'signed-in' })
    },
  )

  it('keeps the session when the server could not answer the silent round trip', async () => {
    const app = await signedIn()
    app.server.refreshTokens.clear()
    app.later(hour)
    const leaving = await app.browser.visit('/')
    await app.browser.visit(app.server.approve(location(leaving), { error: 'temporarily_unavailable' }))
    expect(await app.session()).toMatchObject({ status: 'expired' })
  })

  it('leaves a session alone that another tab restored first', async () => {
    const app = await signedIn()
    app.server.refreshTokens.clear()
    app.later(hour)
    const leaving = await app.browser.visit('/')
    await app.signIn()
    await app.browser.visit(app.server.approve(location(leaving), { error: 'login_required' }))
    expect(await app.session()).toMatchObject({ status: 'signed-in' })
  })
})

describe('when an API says that the access token is dead', () => {
  const fetching = (app: App) => {
    app.page = async (session) => new Response(String((await session.fetch('/api/v1/me')).status))
  }

  it('renews it once and asks again', async () => {
    const app = await signedIn()
    app.server.accessTokens.clear()
    fetching(app)
    expect(await (await app.browser.visit('/')).text()).toBe('200')
    expect(app.server.calls).toHaveLength(2)
    expect(app.server.asked).toHaveLength(1)
    expect(await (await app.browser.visit('/')).text()).toBe('200')
    expect(app.server.asked).toHaveLength(1)
  })

  it('restores the session in place of the page when the refresh is refused too', async () => {
    const app = await signedIn()
    app.server.end()
    fetching(app)
    const leaving = await app.browser.visit('/gallery')
    expect(new URL(location(leaving)).searchParams.get('prompt')).toBe('none')
    await app.browser.visit(app.server.approve(location(leaving), { error: 'consent_required' }))
    expect(await app.session()).toEqual({ status: 'signed-out', reason: 'ended' })
  })

  it('remembers it in every process', async () => {
    const app = await signedIn()
    app.server.end()
    fetching(app)
    expect((await app.browser.ask('/data')).status).toBe(200)
    const elsewhere = new App({}, { server: app.server, clock: app.clock })
    const there = new Browser('https://app.test', elsewhere.handle)
    for (const [name, value] of app.browser.jar) there.jar.set(name, value)
    expect(await app.session(there)).toMatchObject({ status: 'expired' })
    expect(app.server.asked).toHaveLength(1)
  })

  it('sends the bearer to the API only', async () => {
    const app = await signedIn()
    fetching(app)
    await app.browser.visit('/')
    expect(app.server.calls).toEqual([
      { url: `${apiOrigin}/api/v1/me`, authorization: expect.stringMatching(/^Bearer access-/) },
    ])
  })
})
