/**
 * The demos with a server of their own, each in a real browser: a person signs in, sees their name and what the API says
 * of them, and signs out; with JavaScript and, where the server renders, without.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { type TestApp, type TestServer, startProvider } from '@civitai-oauth/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch, lookAt } from '../src/browser.ts'
import { type Demo, presentDemos, startDemo } from '../src/demos.ts'
import { freePort } from '../src/free-port.ts'
import type { Service } from '../src/service.ts'

const timeout = 60_000
const scratch = mkdtempSync(`${tmpdir()}/civitai-oauth-demos-`)
let browser: Browser
let server: TestServer

beforeAll(async () => {
  ;[browser, server] = await Promise.all([launch(), startProvider()])
}, timeout)

afterAll(async () => {
  await browser?.close()
  await server?.close()
  rmSync(scratch, { recursive: true, force: true })
})

/** What went wrong in a page's console: a hydration mismatch, an answer that failed. */
const watch = (page: Page): readonly string[] => {
  const seen: string[] = []
  page.on('pageerror', (error) => seen.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') seen.push(message.text())
  })
  return seen
}

const rendersOnServer = (demo: Demo) => demo.name !== 'demo-react'

describe.each(presentDemos().filter(({ name }) => name !== 'demo-sveltekit'))('$title', (demo) => {
  let service: Service
  let app: TestApp
  let origin: string

  beforeAll(async () => {
    const port = await freePort()
    origin = `http://localhost:${port}`
    app = await server.registerApp({ name: demo.name, redirectUris: [`${origin}/oauth/callback`] })
    const { issuer } = server
    const sessionSecret = randomBytes(32).toString('base64url')
    service = await startDemo(demo, { issuer, sessionSecret, ...app }, { port, scratch })
  }, timeout)

  afterAll(() => service?.stop())

  /** Ben's browser: signed in at the server, where he allowed this app before. */
  const visit = async (options: { readonly javaScriptEnabled?: boolean } = {}): Promise<Page> => {
    const leaving = await fetch(`${origin}/oauth/sign-in`, { redirect: 'manual' })
    await server.approve(leaving.headers.get('location') ?? '', { user: 'ben', remember: true })
    const [name = '', value = ''] = (await server.signIn('ben')).split(/=(.*)/)
    const context = await browser.newContext(options)
    await context.addCookies([{ name, value, url: server.issuer }])
    context.setDefaultTimeout(10_000)
    const page = await context.newPage()
    await page.goto(origin)
    return page
  }

  it(
    'signs a person in, shows who they are, and signs them out',
    async () => {
      const page = await visit()
      const errors = watch(page)
      await page.getByRole('link', { name: 'Sign in with Civitai' }).waitFor()
      expect(await lookAt(page, `${demo.name}-signed-out`)).toEqual([])
      await page.getByRole('link', { name: 'Sign in with Civitai' }).click()
      await page.getByRole('heading', { name: 'Hello, ben' }).waitFor()
      await page.getByText('"username": "ben"').waitFor()
      expect(await page.locator('aside [aria-current=step] strong').textContent()).toBe('SignedIn')
      expect(await lookAt(page, `${demo.name}-signed-in`)).toEqual([])
      expect(new URL(page.url()).search).toBe('')
      await page.reload()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('link', { name: 'Sign in with Civitai' }).waitFor()
      await page.getByText('Nobody is signed in.').waitFor()
      expect(errors).toEqual([])
      await page.context().close()
    },
    timeout,
  )

  if (rendersOnServer(demo))
    it(
      'does the same without JavaScript',
      async () => {
        const page = await visit({ javaScriptEnabled: false })
        await page.getByRole('link', { name: 'Sign in with Civitai' }).click()
        await page.getByRole('heading', { name: 'Hello, ben' }).waitFor()
        await page.getByText('"username": "ben"').waitFor()
        await page.getByRole('button', { name: 'Sign out' }).click()
        await page.getByRole('link', { name: 'Sign in with Civitai' }).waitFor()
        await page.context().close()
      },
      timeout,
    )

  it(
    'says so when the person takes their consent away',
    async () => {
      const page = await visit()
      await page.getByRole('link', { name: 'Sign in with Civitai' }).click()
      await page.getByRole('heading', { name: 'Hello, ben' }).waitFor()
      await server.disconnect('ben', app.clientId)
      await page.reload()
      // A page that comes ready-made learns of it from its first question, and is restored at the next load.
      if (!rendersOnServer(demo)) {
        await page.getByText('Welcome back, ben.').waitFor()
        await page.reload()
      }
      await page.getByText('Your access ended.').waitFor()
      await page.context().close()
    },
    timeout,
  )
})
