/**
 * The whole path in a real browser: Ada registers an app in the portal and puts its id and secret into a demo; Ben signs
 * in to it, signs out, comes back, and takes his consent away again. Told in order; each part stands on the one before.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LookFault, launch, lookAt } from '../src/browser.ts'
import { presentDemos, startDemo } from '../src/demos.ts'
import { type RunningEmulator, startEmulator } from '../src/emulator.ts'
import { freePort } from '../src/free-port.ts'
import type { Service } from '../src/service.ts'

const scratch = mkdtempSync(`${tmpdir()}/civitai-oauth-story-`)
let browser: Browser
let emulator: RunningEmulator
let demo: Service
let demoOrigin: string
let developer: BrowserContext
let person: BrowserContext

beforeAll(async () => {
  demoOrigin = `http://localhost:${await freePort()}`
  ;[browser, emulator] = await Promise.all([launch(), startEmulator(scratch, '--port', '0', '--memory')])
  developer = await browser.newContext()
  developer.setDefaultTimeout(10_000)
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await demo?.stop()
  await emulator?.service.stop()
  rmSync(scratch, { recursive: true, force: true })
})

const timeout = 60_000

/** Gathered on the way, judged at the end: a fault of looks does not stop the story. */
const faults: LookFault[] = []
const look = async (page: Page, name: string): Promise<void> => {
  faults.push(...(await lookAt(page, name)))
}

/** What went wrong in a page's console, and answers that came from elsewhere. */
const watch = (page: Page): readonly string[] => {
  const seen: string[] = []
  page.on('pageerror', (error) => seen.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') seen.push(message.text())
  })
  return seen
}

const tell = (user: string, page: Page): Promise<void> => page.getByRole('button', { name: user }).click()

describe('a developer in the portal', () => {
  let page: Page
  let errors: readonly string[]
  let clientId: string
  let clientSecret: string

  it(
    'signs in as a sample person with one click',
    async () => {
      page = await developer.newPage()
      errors = watch(page)
      await page.goto(emulator.ready.portal)
      await look(page, 'portal-home')
      await page.getByRole('link', { name: 'Sign in' }).first().click()
      await page.waitForURL('**/login')
      await look(page, 'portal-login')
      await tell('ben', page)
      await page.waitForURL('**/account')
      await look(page, 'portal-account-empty')
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await page.goto(`${emulator.ready.issuer}/login`)
      await tell('ada', page)
      await page.waitForURL('**/account')
    },
    timeout,
  )

  it(
    'registers an app, every mistake named at once',
    async () => {
      await page.getByRole('link', { name: 'Register an app' }).click()
      await page.waitForURL('**/account/apps/new')
      await look(page, 'portal-register')
      await page.getByLabel('Redirect URIs').fill('http://example.com/oauth/callback')
      await page.getByRole('button', { name: 'Create app' }).click()
      await page.getByText('Give the app a name').first().waitFor()
      await page.getByText('Use https://').first().waitFor()
      await look(page, 'portal-register-problems')

      await page.getByLabel('App name').fill('Story demo')
      await page.getByLabel('Description').fill('Shows who you are, on this machine.')
      await page.getByLabel('Redirect URIs').fill(`${demoOrigin}/oauth/callback`)
      await page.getByLabel('Permission preset').selectOption('AI Services')
      await page.getByRole('button', { name: 'Create app' }).click()
      await page.getByRole('heading', { name: 'Story demo is registered' }).waitFor()
    },
    timeout,
  )

  it(
    'U9 reads the secret once, and never again',
    async () => {
      await look(page, 'portal-registered')
      const values = await page.locator('code').allTextContents()
      clientId = values.find((value) => /^[0-9a-f-]{36}$/.test(value.trim()))?.trim() ?? ''
      clientSecret = values.find((value) => value.startsWith('civitai_secret_'))?.trim() ?? ''
      expect([clientId.length, clientSecret.length]).toEqual([36, 58])
      expect(page.url()).not.toContain(clientSecret)

      const later = await developer.newPage()
      for (const path of ['/account', `/account/apps/${clientId}`, '/account/apps/new']) {
        await later.goto(`${emulator.ready.issuer}${path}`)
        expect(await later.content()).not.toContain(clientSecret)
      }
      await later.goto(`${emulator.ready.issuer}/account/apps/${clientId}`)
      await look(later, 'portal-app')
      await later.close()

      await page.reload({ waitUntil: 'networkidle' })
      expect(await page.content()).not.toContain(clientSecret)
      await page.goto(`${emulator.ready.issuer}/account`)
      await page.goBack({ waitUntil: 'networkidle' })
      // A page out of the Back button's memory loads itself again.
      await expect.poll(() => page.content().catch(() => clientSecret)).not.toContain(clientSecret)
      await page.waitForLoadState('networkidle')
    },
    timeout,
  )

  it(
    'finds the app on the account page',
    async () => {
      await page.goto(`${emulator.ready.issuer}/account`)
      await page.getByRole('link', { name: 'Story demo', exact: true }).waitFor()
      await look(page, 'portal-account')
      await page.goto(`${emulator.ready.issuer}/account/apps/${clientId}/delete`)
      await look(page, 'portal-delete')
      expect(errors.filter((error) => !error.includes('400'))).toEqual([])
    },
    timeout,
  )

  it(
    'puts its id and secret into the demo',
    async () => {
      const [sveltekit] = presentDemos()
      if (sveltekit === undefined) throw new Error('There is no demo.')
      const { issuer } = emulator.ready
      const sessionSecret = randomBytes(32).toString('base64url')
      const elsewhere = { port: Number(new URL(demoOrigin).port), scratch }
      demo = await startDemo(sveltekit, { issuer, clientId, clientSecret, sessionSecret }, elsewhere)
      expect((await fetch(demoOrigin)).status).toBe(200)
    },
    timeout,
  )
})

describe('a person at the demo', () => {
  let page: Page

  /** The demo's session cookie. Ports share a browser's cookies, so the portal's is there too. */
  const session = async (): Promise<readonly string[]> =>
    (await person.cookies(demoOrigin)).map(({ name }) => name).filter((name) => /^civitai-[0-9a-f]{8}$/.test(name))

  it(
    'is sent to sign in, and reads what the app asks for',
    async () => {
      person = await browser.newContext()
      person.setDefaultTimeout(10_000)
      page = await person.newPage()
      await page.goto(demoOrigin)
      await page.getByRole('heading', { name: 'One account' }).waitFor()
      await look(page, 'demo-signed-out')
      await page.getByRole('link', { name: 'Sign in with Civitai' }).click()
      await page.waitForURL(`${emulator.ready.issuer}/login**`)
      await tell('ben', page)
      await page.getByRole('heading', { name: 'Story demo wants' }).waitFor()
      const text = await page.locator('main').innerText()
      expect(text).toContain('Shows who you are, on this machine.')
      expect(text).toContain(new URL(demoOrigin).host)
      await look(page, 'portal-consent')
    },
    timeout,
  )

  it(
    'denies, and is told so by the app',
    async () => {
      await page.getByRole('button', { name: 'Deny' }).click()
      await page.waitForURL(`${demoOrigin}/**`)
      await look(page, 'demo-denied')
      expect(await session()).toEqual([])
    },
    timeout,
  )

  it(
    'consents, and sees the profile',
    async () => {
      await page.goto(demoOrigin)
      await page.getByRole('link', { name: 'Sign in with Civitai' }).click()
      await page.getByRole('button', { name: 'Authorize' }).click()
      await page.getByRole('heading', { name: 'Hello, ben' }).waitFor()
      expect(page.url()).toBe(`${demoOrigin}/`)
      await page.getByText('ben@example.com').first().waitFor()
      expect(await page.locator('.chips li').allTextContents()).toEqual(['UserRead', 'BuzzRead'])
      await look(page, 'demo-signed-in')
      expect(await session()).toHaveLength(1)
    },
    timeout,
  )

  it(
    'K3 keeps nothing that a script of the page could read',
    async () => {
      expect(await page.evaluate(() => document.cookie)).toBe('')
      const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
      expect(kept).not.toContain('civitai_')
      expect(await page.content()).not.toContain('civitai_')
    },
    timeout,
  )

  it(
    'signs out, and signs in again without another question',
    async () => {
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await page.getByRole('heading', { name: 'One account' }).waitFor()
      expect(await session()).toEqual([])
      await page.getByRole('link', { name: 'Sign in with Civitai' }).click()
      await page.getByRole('heading', { name: 'Hello, ben' }).waitFor()
    },
    timeout,
  )

  it(
    'takes the consent back under Connected Apps',
    async () => {
      const portal = await person.newPage()
      await portal.goto(`${emulator.ready.issuer}/account`)
      await portal.getByText('signs in without asking again').waitFor()
      await look(portal, 'portal-account-connected')
      await portal.getByRole('link', { name: 'Remove Story demo' }).click()
      await portal.getByRole('heading', { name: 'Remove Story demo?' }).waitFor()
      await look(portal, 'portal-remove')
      await portal.getByRole('button', { name: 'Remove' }).click()
      await portal.getByText('No app has access to your account.').waitFor()
      await portal.close()
    },
    timeout,
  )

  it(
    'is signed out of the demo with a reason, for its next refresh is refused',
    async () => {
      await page.goto(demoOrigin)
      await page.getByText('Your access ended. Sign in again to go on.').waitFor()
      await look(page, 'demo-ended')
      const { entries } = (await (await fetch(`${emulator.ready.control}/log`)).json()) as {
        entries: { parameters: Record<string, string>; status: number; error?: string }[]
      }
      const refresh = entries.find(({ parameters }) => parameters['grant_type'] === 'refresh_token')
      expect(refresh).toMatchObject({ status: 400, error: 'invalid_grant' })
      const answered = await page.evaluate(async () => (await fetch('/oauth/session')).json() as Promise<unknown>)
      expect(answered).toMatchObject({ status: 'signed-out', reason: 'ended' })
    },
    timeout,
  )

  it(
    'is shown a page, not a redirect, for an address that was never registered',
    async () => {
      const wrong = new URL('/api/auth/oauth/authorize', emulator.ready.issuer)
      wrong.search = String(
        new URLSearchParams({ response_type: 'code', client_id: 'nobody', redirect_uri: 'https://evil.example/' }),
      )
      const answered = await page.goto(wrong.href)
      expect(answered?.status()).toBe(400)
      expect(page.url()).toBe(wrong.href)
      await look(page, 'provider-error')
    },
    timeout,
  )
})

describe('every page on the way', () => {
  it('passes axe and fits its screen, light and dark, wide and narrow', () => {
    expect(faults).toEqual([])
  })
})
