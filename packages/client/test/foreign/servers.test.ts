/** The client, unmodified, signs in over HTTP to servers that we did not write, each a dialect of five lines. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type CivitaiAuth, createAuth } from '../../src/auth.ts'
import { platform } from '../../src/platform.ts'
import type { Session } from '../../src/session.ts'
import { Browser } from '../browser.ts'
import { nodeOauth2Server, startNodeOauth2Server } from './node-oauth2-server.ts'
import { oidcProvider, startOidcProvider } from './oidc-provider.ts'
import { Person } from './person.ts'
import type { Foreign } from './server.ts'

const origin = 'http://localhost:3994'
const hour = 3_600_000
const location = (answer: Response) => answer.headers.get('location') ?? ''

/** oidc-provider says at length what is only good for tests. */
beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue()
  vi.spyOn(console, 'info').mockReturnValue()
})

const servers = [
  { name: 'oidc-provider', start: startOidcProvider, dialect: oidcProvider, me: '/me' },
  { name: 'node-oauth2-server', start: startNodeOauth2Server, dialect: nodeOauth2Server, me: '/userinfo' },
] as const
const clients = [
  { type: 'confidential', clientSecret: 'a secret for tests, long enough for anybody' },
  { type: 'public', clientSecret: undefined },
] as const
const cases = servers.flatMap((server) => clients.map((client) => ({ ...server, ...client })))

describe.each(cases)('at $name, as a $type app', ({ start, dialect, me, clientSecret }) => {
  let server: Foreign
  let auth: CivitaiAuth
  let browser: Browser
  let ahead: number
  let page: (session: Session) => Response | Promise<Response>

  beforeEach(async () => {
    ahead = 0
    const clientId = 'an-app'
    server = await start({ clientId, clientSecret, redirectUri: `${origin}/oauth/callback` })
    page = ({ status }) => new Response(status)
    auth = createAuth(
      {
        dialect: dialect(server.issuer),
        scopes: ['profile', 'email'],
        clientId,
        ...(clientSecret !== undefined && { clientSecret }),
        sessionSecret: 'x'.repeat(32),
        origin,
        env: {},
      },
      { ...platform, now: () => Date.now() + ahead },
    ) as CivitaiAuth
    browser = new Browser(origin, (request) => auth.handle(request, (session) => page(session)))
  })
  afterEach(() => server.close())

  const session = async () => (await browser.ask('/oauth/session')).json() as Promise<Record<string, unknown>>
  const signIn = async () => {
    const leaving = location(await browser.visit('/oauth/sign-in?returnTo=/gallery'))
    return browser.visit(await new Person().approve(leaving, origin, server.answerPage))
  }

  it('signs a person in, calls the API for them, and signs them out', async () => {
    expect(location(await signIn())).toBe('/gallery')
    expect(await session()).toMatchObject({
      status: 'signed-in',
      user: { id: 'ada', username: 'ada', name: 'Ada' },
      scopes: expect.arrayContaining(['profile', 'email']),
    })
    page = (session) => session.fetch(me)
    expect(await (await browser.visit('/')).json()).toMatchObject({ sub: 'ada' })
    await browser.submit('/oauth/sign-out')
    expect(await session()).toEqual({ status: 'signed-out' })
  })

  it('renews with a rotated token each time, once for ten requests', async () => {
    await signIn()
    const tokens = new Set<string>()
    page = async (session) => {
      tokens.add(await session.accessToken())
      return new Response(String((await session.fetch(me)).status))
    }
    for (let hours = 0; hours < 3; hours++) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => auth.handle(browser.request('/'), (session) => page(session))),
      )
      expect(new Set(await Promise.all(answers.map((answer) => answer.text())))).toEqual(new Set(['200']))
      for (const answer of answers) browser.keep(answer)
      ahead += hour
    }
    expect(tokens.size).toBe(3)
    expect(server.tokenRequests).toEqual(['authorization_code', 'refresh_token', 'refresh_token'])
  })

  it('K7 refuses a callback with another code', async () => {
    const leaving = location(await browser.visit('/oauth/sign-in'))
    const back = new URL(await new Person().approve(leaving, origin, server.answerPage))
    back.searchParams.set('code', 'made-up')
    expect((await browser.visit(back.href)).status).toBe(502)
    expect(await session()).toEqual({ status: 'signed-out' })
  })
})

describe('at oidc-provider', () => {
  it('K2 insists on the issuer that its metadata promises', async () => {
    const server = await startOidcProvider({
      clientId: 'an-app',
      clientSecret: undefined,
      redirectUri: `${origin}/oauth/callback`,
    })
    const auth = createAuth(
      { dialect: oidcProvider(server.issuer), clientId: 'an-app', sessionSecret: 'x'.repeat(32), origin, env: {} },
      platform,
    )
    const browser = new Browser(origin, (request) => auth.handle(request, ({ status }) => new Response(status)))
    const leaving = location(await browser.visit('/oauth/sign-in'))
    const back = new URL(await new Person().approve(leaving, origin, server.answerPage))
    back.searchParams.delete('iss')
    const answer = await browser.ask(back.href)
    await server.close()
    expect(await answer.json()).toMatchObject({ error: 'issuer_mismatch' })
  })
})
