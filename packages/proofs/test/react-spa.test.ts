/** React as a public client, in a real browser, StrictMode on: one exchange, one session, nothing loaded where it is not asked for. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type TestApp, type TestServer, startProvider } from '@civitai-oauth/testing'
import { build } from 'esbuild'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from '../src/browser.ts'
import { root } from '../src/repository.ts'

const scratch = mkdtempSync(`${tmpdir()}/civitai-oauth-spa-`)
let browser: Browser
let server: TestServer
let pages: Server
let origin: string
let app: TestApp

const html = () => `<!doctype html><title>Spa</title><link rel="icon" href="data:,"><div id="root"></div>
<script>var app = ${JSON.stringify({ clientId: app.clientId, issuer: server.issuer })}</script>
<script type="module" src="/spa-page.js"></script>`

beforeAll(async () => {
  ;[browser, server] = await Promise.all([launch({ backForwardCache: true }), startProvider()])
  await build({
    entryPoints: [join(root, 'packages/react/test/spa-page.tsx')],
    outdir: scratch,
    bundle: true,
    splitting: true,
    format: 'esm',
    jsx: 'automatic',
    jsxDev: true,
    conditions: ['@civitai-oauth/source'],
    logLevel: 'warning',
  })
  pages = createServer((request, response) => {
    const file = /^\/[\w-]+\.js$/.exec(request.url ?? '')?.[0]
    response.setHeader('content-type', file ? 'text/javascript' : 'text/html')
    response.end(file ? readFileSync(join(scratch, basename(file))) : html())
  })
  await new Promise<void>((ready) => pages.listen(0, '127.0.0.1', ready))
  origin = `http://localhost:${(pages.address() as AddressInfo).port}`
  app = await server.registerApp({ redirectUris: [`${origin}/oauth/callback`], type: 'public' })
}, 60_000)

afterAll(async () => {
  await browser?.close()
  pages?.close()
  await server?.close()
  rmSync(scratch, { recursive: true, force: true })
})

/** A person's browser, in which the authorization server knows them; what throws on any page of it. */
const browserOf = async (user: string) => {
  const context = await browser.newContext()
  context.setDefaultTimeout(10_000)
  const [name = '', value = ''] = (await server.signIn(user)).split(/=(.*)/)
  await context.addCookies([{ name, value, url: server.issuer }])
  const errors: string[] = []
  context.on('weberror', (error) => errors.push(error.error().message))
  return { context, errors }
}

/** A tab in which they have signed in. Once they allowed the app, the same request is answered at once. */
const signedIn = async (context: BrowserContext, user: string): Promise<Page> => {
  const page = await context.newPage()
  await page.goto(origin)
  const leaving = page.waitForRequest((request) => request.url().includes('/authorize?'))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await server.approve((await leaving).url(), { user, remember: true })
  await page.goto(origin)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: `Sign out ${user}` }).waitFor()
  return page
}

describe('a React app without a server', () => {
  it('signs a person in with one exchange, is restored after a reload, and signs out', async () => {
    const { context, errors } = await browserOf('ben')
    const page = await signedIn(context, 'ben')
    expect(new URL(page.url()).pathname).toBe('/')
    const exchanges = server.log().filter(({ path }) => path.endsWith('/token'))
    expect(exchanges).toHaveLength(1)

    await page.reload()
    await page.getByRole('button', { name: 'Sign out ben' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(errors).toEqual([])
    await context.close()
  }, 60_000)

  it('K9 stays signed out in a tab that slept through the sign-out, kept for the back button or loaded anew', async () => {
    const { context, errors } = await browserOf('ada')
    const one = await signedIn(context, 'ada')
    const two = await context.newPage()
    await two.goto(origin)
    await two.getByRole('button', { name: 'Sign out ada' }).waitFor()
    const three = await context.newPage()
    await three.goto(origin)
    await three.getByRole('button', { name: 'Sign out ada' }).waitFor()
    await Promise.all([two.goto(`${server.issuer}/healthz`), three.goto(`${server.issuer}/healthz`)])

    await one.getByRole('button', { name: 'Sign out ada' }).click()
    await one.getByRole('button', { name: 'Sign in' }).waitFor()
    const asked: string[] = []
    context.on('request', (request) => void (request.url().includes('/authorize?') && asked.push(request.url())))
    await two.goBack()
    await two.getByRole('button', { name: 'Sign in' }).waitFor()
    await three.goto(origin)
    await three.getByRole('button', { name: 'Sign in' }).waitFor()
    expect([asked, errors]).toEqual([[], []])
    await context.close()
  }, 60_000)

  it('works where the browser has no channels and no locks, and refuses what all tabs would share', async () => {
    const { context, errors } = await browserOf('mod')
    await context.addInitScript(() => {
      Object.defineProperty(globalThis, 'localStorage', {
        get: () => {
          throw new DOMException('The operation is insecure.', 'SecurityError')
        },
      })
      Object.assign(globalThis, { BroadcastChannel: undefined })
      Object.defineProperty(navigator, 'locks', { value: undefined })
    })
    const page = await signedIn(context, 'mod')
    await page.reload()
    await page.getByRole('button', { name: 'Sign out mod' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(errors).toEqual([])
    await context.close()
  }, 60_000)

  it('sends nobody away who could not come back, where the browser keeps nothing at all', async () => {
    const { context, errors } = await browserOf('ada')
    await context.addInitScript(() => {
      for (const kind of ['localStorage', 'sessionStorage'])
        Object.defineProperty(globalThis, kind, {
          get: () => {
            throw new DOMException('The operation is insecure.', 'SecurityError')
          },
        })
    })
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', (request) => void (request.url().includes('/authorize?') && asked.push(request.url())))
    await page.goto(origin)
    const signIn = page.getByRole('button', { name: 'Sign in' })
    await signIn.click()
    await signIn.waitFor()
    expect([asked, errors, page.url()]).toEqual([[], [], `${origin}/`])
    await context.close()
  }, 60_000)
})
