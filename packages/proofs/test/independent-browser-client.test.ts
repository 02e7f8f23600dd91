/**
 * oidc-client-ts, unmodified, in a real browser on another origin than the server: what it reads, it reads by CORS.
 * It is a public app, for a page keeps no secret.
 */
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestServer, startProvider } from '@civitai-oauth/testing'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from '../src/browser.ts'

/** UserRead and BuzzRead. */
const scope = '65537'
const servers = new Map<string, TestServer>()
const profiles = ['documented', 'observed'] as const
const spoiled = ['documented,+scope-as-array', 'documented,+scope-as-number'] as const
let browser: Browser
let pages: Server
let origin: string

const html = (app: unknown) => `<!doctype html><title>Page</title><link rel="icon" href="data:,">
<script>window.app = ${JSON.stringify(app)}</script><script type="module" src="/page.js"></script>`

beforeAll(async () => {
  browser = await launch()
  for (const profile of [...profiles, ...spoiled]) servers.set(profile, await startProvider({ profile }))
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'oidc-client-page/page.ts')],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'warning',
  })
  const script = outputFiles[0]?.text
  const apps = new Map<string, unknown>()
  pages = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url as string, origin)
    if (pathname === '/page.js') return response.setHeader('content-type', 'text/javascript').end(script)
    // Which app a page is, its first address says; the callback's does not, so a cookie remembers.
    const profile = searchParams.get('profile') ?? /profile=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
    const known = decodeURIComponent(profile)
    return response
      .setHeader('set-cookie', `profile=${encodeURIComponent(known)}`)
      .setHeader('content-type', 'text/html')
      .end(html(apps.get(known)))
  })
  await new Promise<void>((ready) => pages.listen(0, 'localhost', ready))
  origin = `http://localhost:${(pages.address() as AddressInfo).port}`
  for (const [profile, server] of servers) {
    const app = await server.registerApp({ redirectUris: [`${origin}/callback`], type: 'public' })
    apps.set(profile, { authority: server.issuer, clientId: app.clientId, scope })
  }
}, 60_000)

afterAll(async () => {
  await browser?.close()
  pages?.close()
  await Promise.all([...servers.values()].map((server) => server.close()))
})

/** The person's browser on the app's page, back from the server with a code. */
const back = async (profile: string): Promise<Page> => {
  const server = servers.get(profile) as TestServer
  const context = await browser.newContext()
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  await page.goto(`${origin}/?profile=${encodeURIComponent(profile)}`)
  const leaving = page.waitForRequest((request) => request.url().includes('/authorize?'))
  await page.evaluate(() => void window.manager.signinRedirect())
  const asked = (await leaving).url()
  // The sign-in page is a portal's, which this server has none of: the person answers beside the browser.
  await page.waitForURL(/\/login\?/)
  await page.goto(await server.approve(asked))
  return page
}

describe.each(profiles)('oidc-client-ts in Chromium, against the %s server', (profile) => {
  it('signs in, knows the person, renews by its refresh token, and forgets', async () => {
    const page = await back(profile)
    const user = await page.evaluate(async () => {
      const signedIn = await window.callback
      if (signedIn === null || typeof signedIn === 'string') throw new Error(signedIn ?? 'no callback')
      const { access_token, scope, expires_in, profile } = signedIn
      return { access_token, scope, expires_in, profile }
    })
    expect(user).toMatchObject({ scope, profile: { preferred_username: 'ben', sub: expect.any(String) } })
    expect(user.expires_in).toBeGreaterThan(3590)

    const renewed = await page.evaluate(async () => {
      const silent = await window.manager.signinSilent()
      return { access_token: silent?.access_token, name: silent?.profile.preferred_username }
    })
    expect(renewed.name).toBe('ben')
    expect(renewed.access_token).toMatch(/^civitai_/)
    expect(renewed.access_token).not.toBe(user.access_token)

    // A page that is loaded again finds its person, and calls an API with the token.
    await page.goto(origin)
    const called = await page.evaluate(async () => {
      const kept = await window.manager.getUser()
      const answer = await fetch(`${window.app.authority}/api/v1/me`, {
        headers: { authorization: `Bearer ${kept?.access_token}` },
      })
      return ((await answer.json()) as { readonly username: string }).username
    })
    expect(called).toBe('ben')

    // Civitai refuses this to public apps: the page learns why, for the answer is readable.
    const revoked = await page.evaluate(() =>
      window.manager.revokeTokens(['refresh_token']).then(
        () => 'revoked',
        (error: Error) => error.message,
      ),
    )
    expect(revoked).toMatch(/invalid_client|session/)

    await page.evaluate(() => window.manager.removeUser())
    expect(await page.evaluate(() => window.manager.getUser())).toBeNull()
    await page.context().close()
  }, 30_000)
})

describe('what oidc-client-ts cannot read', () => {
  it.each(spoiled)(
    'a token answer of %s: that quirk breaks it',
    async (profile) => {
      const page = await back(profile)
      expect(await page.evaluate(() => window.callback)).toMatch(/^TypeError: .*split/)
      await page.context().close()
    },
    30_000,
  )
})
