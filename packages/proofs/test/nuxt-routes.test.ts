/**
 * A real Nuxt build in Chromium: pages that are cached for everyone hydrate without a mismatch and then know the person,
 * and Nuxt's own router leads to where a sign-in begins.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type TestServer, startProvider } from '@civitai-oauth/testing'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launch } from '../src/browser.ts'
import { freePort } from '../src/free-port.ts'
import { root } from '../src/repository.ts'

const folder = join(root, 'packages/nuxt')
const fixture = join(folder, 'test/fixture')
const built = join(fixture, 'node_modules/.proofs')
const env = { ...process.env, NODE_ENV: 'production', NUXT_TELEMETRY_DISABLED: '1', FIXTURE_BUILD: built }

let browser: Browser
let provider: TestServer
let server: ChildProcess
let origin: string
let context: BrowserContext
let complaints: string[]

const listening = (child: ChildProcess) =>
  new Promise<void>((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said += chunk
      if (said.includes('Listening on')) resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(said)))
  })

beforeAll(async () => {
  const nuxt = join(folder, 'node_modules/nuxt/bin/nuxt.mjs')
  ;[browser, provider] = await Promise.all([
    launch(),
    startProvider(),
    promisify(execFile)(process.execPath, [nuxt, 'build', fixture], { env }),
  ])
  const port = await freePort()
  origin = `http://localhost:${port}`
  const app = await provider.registerApp({ redirectUris: [`${origin}/oauth/callback`] })
  server = spawn(process.execPath, [join(built, '.output/server/index.mjs')], {
    env: { ...env, ...app.env, CIVITAI_SESSION_SECRET: 'x'.repeat(32), HOST: '127.0.0.1', PORT: String(port) },
  })
  await listening(server)
  // Ben allowed this app before: it is answered at once.
  const headers = { accept: 'text/html', 'sec-fetch-dest': 'document' }
  const leaving = await fetch(`${origin}/oauth/sign-in`, { headers, redirect: 'manual' })
  await provider.approve(leaving.headers.get('location') ?? '', { user: 'ben', remember: true })
}, 180_000)

afterAll(async () => {
  await browser?.close()
  server?.kill()
  await provider?.close()
})
afterEach(() => context?.close())

/** A browser in which Ben is signed in at Civitai, and not yet here. */
const open = async (): Promise<Page> => {
  context = await browser.newContext()
  context.setDefaultTimeout(15_000)
  const [name = '', value = ''] = (await provider.signIn('ben')).split(/=(.*)/)
  await context.addCookies([{ name, value, url: provider.issuer }])
  const page = await context.newPage()
  complaints = []
  page.on('console', (message) => void (/error|warning/.test(message.type()) && complaints.push(message.text())))
  page.on('pageerror', (error) => void complaints.push(error.message))
  return page
}

/** Where Nuxt's own router goes, as a `NuxtLink` does. */
const follow = (page: Page, path: string) =>
  page.evaluate((to) => {
    const app = document.querySelector('#__nuxt') as unknown as {
      readonly __vue_app__: { readonly config: { readonly globalProperties: { $router: { push(to: string): void } } } }
    }
    app.__vue_app__.config.globalProperties.$router.push(to)
  }, path)

describe('a page that is cached for everyone', { timeout: 60_000 }, () => {
  it('hydrates without a mismatch, with a query or without, and leads back to itself', async () => {
    const page = await open()
    for (const path of ['/swr?a=1', '/swr', '/isr', '/mine?b=2']) {
      await page.goto(origin + path)
      const link = page.locator('a[data-state=signed-out]')
      expect(await link.getAttribute('href')).toBe(`/oauth/sign-in?${new URLSearchParams({ returnTo: path })}`)
    }
    expect(complaints).toEqual([])
  })

  it('knows the person once the browser asked', async () => {
    const page = await open()
    await page.goto(`${origin}/oauth/sign-in?returnTo=/swr?a=1`)
    await page.locator('a[data-state=signed-in]').waitFor()
    expect([page.url(), await page.locator('#who').textContent()]).toEqual([`${origin}/swr?a=1`, 'ben'])
    expect(complaints).toEqual([])
  })
})

describe('the router of Nuxt', { timeout: 60_000 }, () => {
  it('leads to where a sign-in begins, though the app has a page for every path', async () => {
    const page = await open()
    await page.goto(`${origin}/mine`)
    await page.locator('a[data-state=signed-out]').waitFor()
    await follow(page, '/oauth/sign-in?returnTo=/mine?c=3')
    await page.locator('a[data-state=signed-in]').waitFor()
    expect([page.url(), complaints]).toEqual([`${origin}/mine?c=3`, []])
  })

  it('leads from a page with a requirement to sign in, and back to it', async () => {
    const page = await open()
    await page.goto(`${origin}/mine`)
    await page.locator('a[data-state=signed-out]').waitFor()
    await follow(page, '/guarded')
    await page.getByText('For people who are signed in.').waitFor()
    expect([page.url(), complaints]).toEqual([`${origin}/guarded`, []])
  })
})
