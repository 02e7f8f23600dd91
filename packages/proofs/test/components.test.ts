/**
 * The components of every framework in a real browser, beside a real server: the same names, the same states, the same
 * HTML, and nothing that axe finds.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { createCivitaiAuth } from '@civitai-oauth/client'
import { type TestServer, startProvider } from '@civitai-oauth/testing'
import { build } from 'esbuild'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launch } from '../src/browser.ts'
import { root } from '../src/repository.ts'
import { sveltePlugin } from '../src/svelte-plugin.ts'

const packages = join(root, 'packages')
const frameworks = {
  React: 'react/test/components-page.tsx',
  Vue: 'nuxt/test/components-page.ts',
  Svelte: 'sveltekit/test/components/page.ts',
} as const
type Framework = keyof typeof frameworks

const bundle = async (entry: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(packages, entry)],
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    conditions: ['@civitai-oauth/source', 'svelte'],
    define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
    plugins: [sveltePlugin],
    write: false,
    logLevel: 'warning',
  })
  return outputFiles[0]?.text ?? ''
}

let browser: Browser
let provider: TestServer
const closing: (() => void)[] = []
const origins = {} as Record<Framework, string>
const bundles = {} as Record<Framework, string>

const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Components</title>
<link rel="icon" href="data:,"><main><h1>Components</h1><div id="root"></div></main><script type="module" src="/page.js"></script></html>`

/** A server with our handler and one page. */
const serve = async (script: string): Promise<string> => {
  const server = createServer(async (incoming, outgoing) => {
    const body = incoming.method === 'POST' ? Buffer.concat(await incoming.toArray()) : undefined
    const request = new Request(new URL(incoming.url ?? '/', origin), {
      method: incoming.method ?? 'GET',
      headers: incoming.headers as Record<string, string>,
      ...(body && { body }),
    })
    const answer = await auth.handle(request, () =>
      request.url.endsWith('/page.js')
        ? new Response(script, { headers: { 'content-type': 'text/javascript' } })
        : new Response(html, { headers: { 'content-type': 'text/html' } }),
    )
    const cookies = answer.headers.getSetCookie()
    outgoing.writeHead(answer.status, {
      ...Object.fromEntries(answer.headers),
      ...(cookies.length > 0 && { 'set-cookie': cookies }),
    })
    outgoing.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  closing.push(() => server.close())
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const { env } = await provider.registerApp({ redirectUris: [`${origin}/oauth/callback`] })
  const auth = createCivitaiAuth({
    scopes: ['UserRead', 'BuzzRead'],
    env: { ...env, CIVITAI_SESSION_SECRET: 'x'.repeat(32) },
  })
  return origin
}

/** Ben allowed this app all it may ask for before: it is answered at once, and what consent looks like is another test's. */
const allow = async (origin: string) => {
  const headers = { accept: 'text/html', 'sec-fetch-dest': 'document' }
  const leaving = await fetch(`${origin}/oauth/sign-in?scopes=AIServicesWrite`, { headers, redirect: 'manual' })
  await provider.approve(leaving.headers.get('location') ?? '', { user: 'ben', remember: true })
}

beforeAll(async () => {
  ;[browser, provider] = await Promise.all([launch(), startProvider()])
  for (const [name, entry] of Object.entries(frameworks) as [Framework, string][]) {
    bundles[name] = await bundle(entry)
    origins[name] = await serve(bundles[name])
    await allow(origins[name])
  }
}, 60_000)

afterAll(async () => {
  await browser?.close()
  for (const close of closing) close()
  await provider?.close()
})

let context: BrowserContext
let complaints: string[]
afterEach(() => context?.close())

/** A browser in which Ben is signed in at Civitai; complaints of the page are gathered. */
const open = async (framework: Framework): Promise<Page> => {
  context = await browser.newContext()
  context.setDefaultTimeout(10_000)
  const [name = '', value = ''] = (await provider.signIn('ben')).split(/=(.*)/)
  await context.addCookies([{ name, value, url: provider.issuer }])
  const page = await context.newPage()
  complaints = []
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
  page.on('pageerror', (error) => void complaints.push(error.message))
  await page.goto(`${origins[framework]}/gallery?page=2`)
  return page
}

const faults = async (page: Page) => (await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)

describe.each(Object.keys(frameworks) as Framework[])('with %s', (framework) => {
  it('a person signs in by keyboard, comes back to the page, allows more, and signs out', async () => {
    const page = await open(framework)
    const signIn = page.locator('a[data-state=signed-out]')
    await signIn.waitFor()
    expect(await faults(page)).toEqual([])
    await signIn.focus()
    await page.keyboard.press('Enter')

    await page.locator('a[data-state=signed-in]').waitFor()
    expect(page.url()).toBe(`${origins[framework]}/gallery?page=2`)
    expect(await page.locator('a[data-state=signed-in]').textContent()).toMatch(/^\s*Signed in as ben\s*$/)
    const list = page.getByRole('listitem')
    expect((await list.allTextContents()).map((text) => text.trim())).toEqual([
      'Read profile, settings & email (allowed)',
      'Generate, train & scan (not allowed yet)',
      'View buzz balance & history (allowed)',
    ])
    expect(await faults(page)).toEqual([])

    await page.getByRole('link', { name: 'Allow what is missing' }).click()
    await page.locator('li[data-scope=AIServicesWrite][data-state=granted]').waitFor()
    expect(await page.getByRole('link', { name: 'Allow what is missing' }).count()).toBe(0)

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${origins[framework]}/`)
    await signIn.waitFor()
    expect(complaints).toEqual([])
  })

  it('the link says that it is on its way, and is itself again when the person comes back', async () => {
    const page = await open(framework)
    // An answer without content: the browser stays where it is.
    await page.route('**/oauth/sign-in**', (route) => route.fulfill({ status: 204 }))
    await page.locator('a[data-state=signed-out]').click()
    const going = page.locator('a[data-state=signing-in]')
    await going.waitFor()
    expect(await going.getAttribute('aria-busy')).toBe('true')
    expect(await going.textContent()).toContain('Signing in…')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-state'))).toBe('signing-in')
    await page.evaluate(() => dispatchEvent(new Event('pageshow')))
    await page.locator('a[data-state=signed-out]').waitFor()
  })

  it('a sign-out in another tab is seen here, and focus on the link is kept', async () => {
    const page = await open(framework)
    await page.locator('a[data-state=signed-out]').click()
    const link = page.locator('a[data-state=signed-in]')
    await link.focus()
    const other = await context.newPage()
    await other.goto(origins[framework])
    await other.getByRole('button', { name: 'Sign out' }).click()
    await page.locator('a[data-state=signed-out]').waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-state'))).toBe('signed-out')
  })
})

describe('what a page loads', () => {
  const labels = 'Generate, train & scan'

  it.each([
    ['react', 'components/index.ts'],
    ['nuxt', 'components/index.ts'],
    ['sveltekit', 'components/index.ts'],
  ])('holds the words for permissions only where they are listed: %s', async (name, entry) => {
    const of = async (component: string) => {
      const { outputFiles } = await build({
        stdin: {
          contents: `export { ${component} } from './src/${entry}'`,
          resolveDir: join(packages, name),
          loader: 'ts',
        },
        bundle: true,
        minify: true,
        format: 'esm',
        jsx: 'automatic',
        conditions: ['@civitai-oauth/source', 'svelte'],
        external: ['react', 'vue', 'svelte'],
        plugins: [sveltePlugin],
        write: false,
        logLevel: 'error',
      })
      return outputFiles[0]?.text ?? ''
    }
    expect((await of('CivitaiSignIn, CivitaiSignOut')).includes(labels)).toBe(false)
    expect((await of('CivitaiPermissions')).includes(labels)).toBe(true)
  })
})
