/** React as a public client, in a real browser, StrictMode on: one exchange, one session, nothing loaded where it is not asked for. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type TestApp, type TestServer, startProvider } from '@civitai-oauth/testing'
import { build } from 'esbuild'
import type { Browser } from 'playwright-core'
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
  ;[browser, server] = await Promise.all([launch(), startProvider()])
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

describe('a React app without a server', () => {
  it('signs a person in with one exchange, is restored after a reload, and signs out', async () => {
    const context = await browser.newContext()
    context.setDefaultTimeout(10_000)
    const [name = '', value = ''] = (await server.signIn('ben')).split(/=(.*)/)
    await context.addCookies([{ name, value, url: server.issuer }])
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))

    await page.goto(origin)
    // Ben allowed this app before: the same request is answered at once.
    const leaving = page.waitForRequest((request) => request.url().includes('/authorize?'))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await server.approve((await leaving).url(), { user: 'ben', remember: true })
    await page.goto(origin)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Sign out ben' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
    const exchanges = server.log().filter(({ path }) => path.endsWith('/token'))
    expect(exchanges).toHaveLength(1)

    await page.reload()
    await page.getByRole('button', { name: 'Sign out ben' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(errors).toEqual([])
  }, 60_000)
})
