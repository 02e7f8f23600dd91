import { describe, expect, it } from 'vitest'
import { memoryStore } from '../src/store/memory.ts'
import { App } from './app.ts'
import { Browser } from './browser.ts'
import { until } from './until.ts'

const signedIn = async () => {
  const app = new App()
  await app.signIn()
  return app
}

describe('when a person signs out', () => {
  it('removes every cookie of the session, takes the tokens back and goes where the form says', async () => {
    const app = await signedIn()
    const answer = await app.browser.submit('/oauth/sign-out?returnTo=/goodbye')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/goodbye'])
    expect([...app.browser.jar.keys()].filter((name) => !/-tx-|-out$/.test(name))).toEqual([])
    expect(app.server.revoked).toEqual([expect.stringMatching(/^refresh-/)])
    expect(await app.session()).toEqual({ status: 'signed-out' })
  })

  it('reads where to go from the form too', async () => {
    const app = await signedIn()
    const answer = await app.browser.send(
      app.browser.request('/oauth/sign-out', {
        method: 'POST',
        body: new URLSearchParams({ returnTo: '/goodbye' }),
        headers: { accept: 'text/html', origin: 'https://app.test' },
      }),
    )
    expect(answer.headers.get('location')).toBe('/goodbye')
  })

  it('answers a script with the session that is left', async () => {
    const app = await signedIn()
    const answer = await app.browser.ask('/oauth/sign-out', { method: 'POST', headers: { origin: 'https://app.test' } })
    expect(await answer.json()).toEqual({ status: 'signed-out' })
  })

  it('signs out here even when the server cannot take the tokens back', async () => {
    const app = await signedIn()
    app.server.secrets = []
    await app.browser.submit('/oauth/sign-out')
    expect(await app.session()).toEqual({ status: 'signed-out' })
    expect(app.events).toContainEqual({ type: 'revocation-failed' })
  })

  it('K6 waits a moment only for a server that takes its time to take the tokens back', async () => {
    const app = await signedIn()
    app.server.revocation = new Promise(() => {})
    app.patient = false
    expect([(await app.browser.submit('/oauth/sign-out')).status, await app.session()]).toEqual([
      303,
      { status: 'signed-out' },
    ])
  })

  it('K10 stays signed out when a page that was under way comes with renewed tokens, and takes those back too', async () => {
    const app = await signedIn()
    app.later(3_590_000)
    const renewal = Promise.withResolvers<void>()
    app.server.faults.push({ kind: 'held', until: renewal.promise })
    const page = app.browser.visit('/')
    await until(() => app.server.refreshTokens.size === 2)
    const signOut = app.browser.submit('/oauth/sign-out')
    await until(() => app.server.revoked.length === 1)
    renewal.resolve()
    await Promise.all([page, signOut])
    expect(app.server.revoked).toEqual(['refresh-2', 'refresh-3'])
    expect(await app.session()).toEqual({ status: 'signed-out' })
  })

  it('K10 stays signed out when a page that has renewed tokens already ends after it', async () => {
    const app = await signedIn()
    app.later(3_590_000)
    const work = Promise.withResolvers<void>()
    const { page } = app
    app.page = async (session) => {
      await work.promise
      return page(session)
    }
    const slow = app.browser.visit('/')
    await until(() => app.server.refreshTokens.size === 2)
    await app.browser.submit('/oauth/sign-out')
    work.resolve()
    await slow
    expect(await app.session()).toEqual({ status: 'signed-out' })
    await app.signIn()
    expect(await app.session()).toMatchObject({ status: 'signed-in' })
  })

  it('K10 stays signed out when a page under way finds its tokens taken back: nothing restores the session', async () => {
    const app = await signedIn()
    app.page = async (session) => {
      app.later(3_600_000)
      await app.browser.submit('/oauth/sign-out')
      app.server.end()
      return new Response(await session.accessToken().catch(() => 'no token'))
    }
    expect(await (await app.browser.visit('/')).text()).toBe('no token')
    expect(await app.session()).toEqual({ status: 'signed-out' })
  })

  it('K10 stays signed out when a silent round trip was under way', async () => {
    const app = await signedIn()
    app.server.refreshTokens.clear()
    app.later(3_600_000)
    const leaving = await app.browser.visit('/gallery')
    await app.browser.submit('/oauth/sign-out')
    const back = await app.browser.visit(app.server.approve(leaving.headers.get('location') as string))
    expect([back.headers.get('location'), await app.session()]).toEqual(['/gallery', { status: 'signed-out' }])
    expect(app.server.revoked).toHaveLength(1)
  })

  it.each([
    ['could not take the tokens back', null],
    ['takes them back without effect', 'silently'],
  ])('K10 stays signed out when a page of another process comes late, and the server %s', async (_, how) => {
    const app = await signedIn()
    const elsewhere = new App({}, { server: app.server, clock: app.clock })
    for (const [name, value] of app.browser.jar) elsewhere.browser.jar.set(name, value)
    const { secrets } = app.server
    app.server.revokes = how !== 'silently'
    app.later(3_590_000)
    const late = await elsewhere.handle(elsewhere.browser.request('/'))
    if (how === null) app.server.secrets = []
    await app.browser.submit('/oauth/sign-out')
    app.server.secrets = secrets
    app.browser.keep(late)
    app.server.revoked.length = 0
    expect(await app.session()).toEqual({ status: 'signed-out' })
    expect(app.server.revoked).toEqual(['refresh-3'])
    expect([...app.browser.jar.keys()].filter((name) => !/-tx-|-out$/.test(name))).toEqual([])

    await app.signIn()
    expect(await app.session()).toMatchObject({ status: 'signed-in' })
  })

  it('forgets after a while who signed out, and remembers who did since', async () => {
    const app = await signedIn()
    const [old, late] = [new Browser('https://app.test', app.handle), new Browser('https://app.test', app.handle)]
    for (const [name, value] of app.browser.jar) old.jar.set(name, value)
    await app.browser.submit('/oauth/sign-out')
    expect(await app.session(old)).toEqual({ status: 'signed-out' })
    app.later(11 * 60_000)
    await app.signIn()
    for (const [name, value] of app.browser.jar) late.jar.set(name, value)
    await app.browser.submit('/oauth/sign-out')
    expect(await app.session(late)).toEqual({ status: 'signed-out' })
  })

  it('K4 is not brought about by a cookie that says so and was never sealed here', async () => {
    const app = await signedIn()
    const name = [...app.browser.jar.keys()].find((one) => !one.includes('-tx-'))
    app.browser.jar.set(`${name}-out`, 'nonsense')
    expect(await app.session()).toMatchObject({ status: 'signed-in' })
  })

  it('K10 leaves nothing in a store when a renewal was under way in another process', async () => {
    const clock = { now: 1_700_000_000_000 }
    const store = memoryStore(() => clock.now)
    const app = new App({ store }, { clock })
    await app.signIn()
    app.later(3_590_000)
    const renewal = Promise.withResolvers<void>()
    app.server.faults.push({ kind: 'held', until: renewal.promise })
    const page = app.browser.visit('/')
    await until(() => app.server.refreshTokens.size === 2)
    const elsewhere = new App({ store }, { server: app.server, clock })
    for (const [name, value] of app.browser.jar) elsewhere.browser.jar.set(name, value)
    await elsewhere.browser.submit('/oauth/sign-out')
    renewal.resolve()
    await page
    expect([await store.ofUser('7'), await app.session()]).toEqual([[], { status: 'signed-out' }])
    expect(app.server.revoked).toContain('refresh-3')
  })

  it.each([
    ['a GET', 'GET', {}],
    ['a HEAD', 'HEAD', {}],
    ['a prefetch', 'GET', { 'sec-purpose': 'prefetch' }],
    ['a form on another site', 'POST', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }],
    ['another origin of the same site', 'POST', { origin: 'https://evil.app.test', 'sec-fetch-site': 'same-site' }],
    ['an opaque origin', 'POST', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['an opaque origin in a browser without Fetch Metadata', 'POST', { origin: 'null' }],
    ['a sender who says nothing of itself', 'POST', {}],
    [
      'a foreign origin that claims to be ours',
      'POST',
      { origin: 'https://evil.test', 'sec-fetch-site': 'same-origin' },
    ],
    ['the same host over another scheme', 'POST', { origin: 'http://app.test' }],
  ])('K6 does nothing for %s', async (_, method, headers) => {
    const app = await signedIn()
    const before = app.browser.cookie()
    const answer = await app.browser.send(
      app.browser.request('/oauth/sign-out', { method, headers: headers as Record<string, string> }),
    )
    expect([403, 405]).toContain(answer.status)
    expect(app.browser.cookie()).toBe(before)
    expect(app.server.revoked).toEqual([])
  })

  it('K6 shows a person who followed a link a page with the button, and does nothing until it is pressed', async () => {
    const app = await signedIn()
    const before = app.browser.cookie()
    const answer = await app.browser.visit('/oauth/sign-out?returnTo=/bye&x="><script>')
    expect([answer.status, answer.headers.get('allow'), answer.headers.get('content-type')]).toEqual([
      405,
      'POST',
      'text/html; charset=utf-8',
    ])
    const page = await answer.text()
    expect(page).not.toContain('<script>')
    expect([app.browser.cookie(), app.server.revoked]).toEqual([before, []])
    const [, action = ''] = /<form method="post" action="([^"]*)">/.exec(page) ?? []
    expect(action).toMatch(/^\/oauth\/sign-out\?returnTo=\/bye/)
    expect((await app.browser.submit(action.replaceAll('&#38;', '&'))).headers.get('location')).toBe('/bye')
    expect(app.server.revoked).toHaveLength(1)
  })

  it('is heard from a page of ours that hides its address', async () => {
    const app = await signedIn()
    expect((await app.browser.submit('/oauth/sign-out', { origin: 'null' })).status).toBe(303)
  })
})
