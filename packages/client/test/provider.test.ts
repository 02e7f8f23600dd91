/** The same client, unmodified, against the real authorization server over HTTP. */
import { type TestServer, startProvider } from '@civitai-oauth/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CivitaiAuth, createAuth } from '../src/auth.ts'
import type { Session } from '../src/session.ts'
import { platform } from '../src/platform.ts'
import { Browser } from './browser.ts'

const origin = 'http://localhost:3999'
const hour = 3600
let server: TestServer
let auth: CivitaiAuth
let browser: Browser
let clientId: string
let ahead = 0
let page: (session: Session) => Response | Promise<Response>

const advance = (seconds: number) => {
  server.advance(seconds)
  ahead += seconds * 1000
}
const location = (response: Response) => response.headers.get('location') as string
const session = async () => (await browser.ask('/oauth/session')).json()
const signIn = async (user = 'ben', path = '/oauth/sign-in') =>
  browser.visit(await server.approve(location(await browser.visit(path)), { user, remember: true }))
const tokenRequests = () => server.log().filter(({ path }) => path.endsWith('/oauth/token')).length

const start = async (profile: string) => {
  ahead = 0
  server = await startProvider({ profile })
  const app = await server.registerApp({ redirectUris: [`${origin}/oauth/callback`] })
  clientId = app.clientId
  page = ({ status }) => new Response(status)
  auth = createAuth(
    {
      env: { ...app.env, CIVITAI_ORIGIN: origin, CIVITAI_SESSION_SECRET: 'x'.repeat(32) },
      scopes: ['UserRead', 'BuzzRead'],
      // Longer than a refresh token lives, so that one can run out.
      session: { idle: 90 * 86_400 },
    },
    { ...platform, now: () => Date.now() + ahead },
  )
  browser = new Browser(origin, (request) => auth.handle(request, (session) => page(session)))
}
afterEach(() => server.close())

describe('against the real server', () => {
  beforeEach(() => start('documented'))

  it('signs a person in, calls the API for them, and signs them out', async () => {
    await signIn()
    expect(await session()).toMatchObject({
      status: 'signed-in',
      user: { username: 'ben' },
      scopes: ['UserRead', 'BuzzRead'],
    })
    page = (session) => session.fetch('/api/v1/me')
    expect(await (await browser.visit('/')).json()).toMatchObject({ username: 'ben' })
    await browser.submit('/oauth/sign-out')
    expect(await session()).toEqual({ status: 'signed-out' })
  })

  it('renews the session hour after hour', async () => {
    await signIn()
    for (let hours = 0; hours < 24; hours++) {
      advance(hour)
      expect(await (await browser.visit('/')).text()).toBe('signed-in')
    }
    page = async (session) => new Response(String((await session.fetch('/api/v1/me')).status))
    expect(await (await browser.visit('/')).text()).toBe('200')
  })

  it('K10 carries on when the answer to a refresh is lost', async () => {
    await signIn()
    advance(hour)
    server.break({ at: 'token', kind: 'drop', times: 1 })
    expect(await (await browser.visit('/')).text()).toBe('signed-in')
    advance(hour)
    expect(await (await browser.visit('/')).text()).toBe('signed-in')
  })

  it.each(['429', '503', 'malformed'] as const)(
    'K10 signs nobody out when the token endpoint answers %s',
    async (kind) => {
      await signIn()
      advance(hour - 30)
      server.break({ at: 'token', kind, times: 1 })
      expect(await (await browser.visit('/')).text()).toBe('signed-in')
      advance(60)
      page = async (session) => new Response(String((await session.fetch('/api/v1/me')).status))
      expect(await (await browser.visit('/')).text()).toBe('200')
    },
  )

  it('refreshes once for thirty requests at the same time', async () => {
    await signIn()
    advance(hour)
    const before = tokenRequests()
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => auth.handle(browser.request('/'), ({ status }) => new Response(status))),
    )
    expect(new Set(await Promise.all(answers.map((answer) => answer.text())))).toEqual(new Set(['signed-in']))
    expect(tokenRequests() - before).toBe(1)
  })

  it('restores a session whose refresh token ran out, without a page', async () => {
    await signIn()
    advance(31 * 24 * hour)
    const portal = await server.signIn('ben')
    const leaving = await browser.visit('/gallery')
    const silent = await fetch(location(leaving), {
      redirect: 'manual',
      headers: { cookie: portal, accept: 'text/html' },
    })
    const back = new URL(location(silent))
    expect([back.origin, back.searchParams.has('code')]).toEqual([origin, true])
    expect(location(await browser.visit(back.href))).toBe('/gallery')
    expect(await session()).toMatchObject({ status: 'signed-in' })
  })

  it('ends the session of a person who removed the app, and says so', async () => {
    await signIn()
    await server.disconnect('ben', clientId)
    advance(hour)
    const leaving = await browser.visit('/gallery')
    expect(location(leaving)).toContain('prompt=none')
    const silent = await fetch(location(leaving), {
      redirect: 'manual',
      headers: { cookie: await server.signIn('ben'), accept: 'text/html' },
    })
    await browser.visit(location(silent))
    expect(await session()).toEqual({ status: 'signed-out', reason: 'ended' })
  })

  it('steps up to a permission it did not ask for at first', async () => {
    await signIn()
    await signIn('ben', '/oauth/sign-in?scopes=AIServicesWrite')
    expect(await session()).toMatchObject({ scopes: expect.arrayContaining(['AIServicesWrite', 'BuzzRead']) })
  })

  it('says what went wrong when the person denies', async () => {
    const answer = await browser.visit(await server.deny(location(await browser.visit('/oauth/sign-in'))))
    expect([answer.status, (await answer.text()).includes('consent_denied')]).toEqual([403, true])
  })
})

describe('against the server as observed', () => {
  beforeEach(() => start('observed'))

  it('signs a person in, though the answer names no issuer', async () => {
    await signIn()
    expect(await session()).toMatchObject({ status: 'signed-in', user: { username: 'ben' } })
  })

  it('renews the session once for thirty requests at the same time, where nothing is forgiven', async () => {
    await signIn()
    for (let hours = 0; hours < 5; hours++) {
      advance(hour)
      const answers = await Promise.all(
        Array.from({ length: 30 }, () =>
          auth
            .handle(browser.request('/'), ({ status }) => new Response(status))
            .then((answer) => {
              browser.keep(answer)
              return answer.text()
            }),
        ),
      )
      expect(new Set(answers)).toEqual(new Set(['signed-in']))
    }
    expect(tokenRequests()).toBe(1 + 5)
  })

  it('lives as long as its access token when an answer was lost for good', async () => {
    await signIn()
    advance(hour - 30)
    server.break({ at: 'token', kind: 'drop', times: 1 })
    expect(await (await browser.visit('/')).text()).toBe('signed-in')
    advance(hour)
    expect(location(await browser.visit('/'))).toContain('prompt=none')
  })
})
