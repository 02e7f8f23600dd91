/** The same client with the other dialect: two bases, words for scopes, no secret, errors of its own. */
import { type TestServer, startProvider } from '@civitai-oauth/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CivitaiAuth, createAuth } from '../src/auth.ts'
import type { Session } from '../src/session.ts'
import type { ScopeOf } from '../src/options.ts'
import { platform } from '../src/platform.ts'
import { Browser } from './browser.ts'

type Scope = ScopeOf['quaily']

const origin = 'http://localhost:3997'
const month = 30 * 86_400
let server: TestServer
let auth: CivitaiAuth<Scope>
let browser: Browser
let ahead = 0
let page: (session: Session<Scope>) => Response | Promise<Response>

const advance = (seconds: number) => {
  server.advance(seconds)
  ahead += seconds * 1000
}
const location = (response: Response) => response.headers.get('location') as string
const signIn = async () =>
  browser.visit(await server.approve(location(await browser.visit('/oauth/sign-in')), { user: 'ben', remember: true }))
const session = async () => (await browser.ask('/oauth/session')).json()

const start = async (profile: string) => {
  ahead = 0
  server = await startProvider({ profile })
  const app = await server.registerApp({
    dialect: 'quaily',
    redirectUris: [`${origin}/oauth/callback`],
    scopes: ['user.full', 'post.write', 'credit.read'],
  })
  page = ({ status }) => new Response(status)
  auth = createAuth(
    {
      dialect: 'quaily',
      scopes: ['user.full', 'credit.read'],
      env: {
        QUAILY_CLIENT_ID: app.clientId,
        QUAILY_AUTH_BASE: `${server.issuer}/quaily`,
        QUAILY_API_BASE: `${server.issuer}/quaily/api`,
        CIVITAI_ORIGIN: origin,
        CIVITAI_SESSION_SECRET: 'x'.repeat(32),
      },
    },
    { ...platform, now: () => Date.now() + ahead },
  )
  browser = new Browser(origin, (request) => auth.handle(request, (session) => page(session)))
}
afterEach(() => server.close())

describe.each(['documented', 'observed'])('Sign in with Quaily, %s', (profile) => {
  beforeEach(() => start(profile))

  it('signs a person in, with the scopes that were asked for, for the server echoes none', async () => {
    await signIn()
    expect(await session()).toMatchObject({
      status: 'signed-in',
      scopes: ['user.full', 'credit.read'],
      user: { username: expect.any(String) },
    })
  })

  it('keeps the pairwise `sub` as the person’s id', async () => {
    await signIn()
    const { user } = (await session()) as { user: { id: string } }
    expect(user.id).not.toBe('2')
  })

  it('calls the API with the bearer', async () => {
    await signIn()
    page = (session) => session.fetch('/users/me')
    expect((await browser.visit('/')).status).toBe(200)
  })

  it('renews the session month after month', async () => {
    await signIn()
    for (let months = 0; months < 4; months++) {
      advance(month - 30)
      expect(await (await browser.visit('/')).text()).toBe('signed-in')
    }
  })

  it('lives as long as its access token when the refresh is refused in its own words', async () => {
    await signIn()
    advance(month - 30)
    server.break({ at: 'token', kind: '503', times: 1 })
    expect(await (await browser.visit('/')).text()).toBe('signed-in')
  })
})
