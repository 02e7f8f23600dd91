/**
 * A real SvelteKit build in Chromium: guards under its client-side router (in an app that has a route for every path),
 * under remote functions, links that are loaded ahead, and caches.
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

const folder = join(root, 'packages/sveltekit')
const vite = join(folder, 'node_modules/vite/bin/vite.js')
const config = ['--config', 'test/fixture/vite.config.ts']

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
      if (said.includes('Local:') || said.includes('localhost:') || said.includes('127.0.0.1:')) resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(said)))
  })

const document = { accept: 'text/html', 'sec-fetch-dest': 'document' }

beforeAll(async () => {
  const port = await freePort()
  origin = `http://localhost:${port}`
  // The origin of the app is part of the build.
  const env = { ...process.env, CIVITAI_ORIGIN: origin, NODE_ENV: 'production' }
  ;[browser, provider] = await Promise.all([
    launch(),
    startProvider(),
    promisify(execFile)(process.execPath, [vite, 'build', ...config], { cwd: folder, env }),
  ])
  const app = await provider.registerApp({ redirectUris: [`${origin}/oauth/callback`] })
  const arguments_ = ['preview', ...config, '--logLevel', 'info', '--host', '127.0.0.1', '--port', `${port}`]
  server = spawn(process.execPath, [vite, ...arguments_, '--strictPort'], {
    cwd: folder,
    env: { ...env, ...app.env, CIVITAI_SESSION_SECRET: 'x'.repeat(32) },
  })
  await listening(server)
  // Ben allowed this app before: it is answered at once.
  const leaving = await fetch(`${origin}/oauth/sign-in`, { headers: document, redirect: 'manual' })
  await provider.approve(leaving.headers.get('location') ?? '', { user: 'ben', remember: true })
}, 180_000)

afterAll(async () => {
  await browser?.close()
  server?.kill()
  await provider?.close()
})
afterEach(() => context?.close())

/** A browser in which Ben is signed in at Civitai, and not yet here. */
const open = async (path: string): Promise<Page> => {
  context = await browser.newContext()
  context.setDefaultTimeout(15_000)
  const [name = '', value = ''] = (await provider.signIn('ben')).split(/=(.*)/)
  await context.addCookies([{ name, value, url: provider.issuer }])
  const page = await context.newPage()
  complaints = []
  page.on('console', (message) => void (/error|warning/.test(message.type()) && complaints.push(message.text())))
  page.on('pageerror', (error) => void complaints.push(error.message))
  await page.goto(origin + path)
  // Once it is hydrated.
  await page.locator('body[data-ready]').waitFor()
  return page
}

describe('a guard', { timeout: 60_000 }, () => {
  it('leads from a page to sign in and back, though the app has a route for every path', async () => {
    const page = await open('/free')
    await page.getByRole('link', { name: 'Guarded' }).click()
    await page.getByRole('heading', { name: 'Guarded: ben' }).waitFor()
    expect(page.url()).toBe(`${origin}/guarded`)
    expect(complaints).toEqual([])
  })

  it('leads there from a query of a page, too', async () => {
    const page = await open('/remote')
    await page.getByRole('button', { name: 'Who' }).click()
    await page.getByRole('link', { name: 'Signed in as ben' }).waitFor()
    expect(page.url()).toBe(`${origin}/remote`)
    await page.locator('body[data-ready]').waitFor()
    await page.getByRole('button', { name: 'Who' }).click()
    await page.getByText('ben', { exact: true }).waitFor()
  })

  it('leads there from a form of a page', async () => {
    const page = await open('/remote')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'Signed in as ben' }).waitFor()
    expect(page.url()).toBe(`${origin}/remote`)
  })

  it('tells a command what is missing', async () => {
    const page = await open('/remote')
    await page.getByRole('button', { name: 'Make' }).click()
    await page.getByText('401 Please sign in.').waitFor()
  })
})

describe('a link to sign in', { timeout: 60_000 }, () => {
  it('K6 is not loaded ahead when a person points at it', async () => {
    const page = await open('/free')
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.getByRole('link', { name: 'Sign in with Civitai' }).hover()
    await page.getByRole('link', { name: 'Guarded' }).hover()
    await page.waitForRequest((request) => request.url().includes('/guarded/__data.json'))
    expect(asked.filter((url) => url.includes('/oauth/'))).toEqual([])
  })
})

describe('a page that an app lets everybody cache', { timeout: 60_000 }, () => {
  it('is for nobody else where somebody is signed in, and neither are its data', async () => {
    const page = await open('/free')
    await page.getByRole('link', { name: 'Sign in with Civitai' }).click()
    await page.getByRole('link', { name: 'Signed in as ben' }).waitFor()
    for (const path of ['/shared', '/shared/__data.json']) {
      const answer = await page.request.get(origin + path)
      expect([answer.headers()['cache-control'], answer.headers()['vary']]).toEqual(['private', 'Cookie'])
    }
    const answer = await fetch(`${origin}/shared`)
    expect([answer.headers.get('cache-control'), answer.headers.getSetCookie()]).toEqual(['public, s-maxage=600', []])
  })
})
