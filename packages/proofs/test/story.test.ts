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
      await page.getByRole('button', { name: 'Sign out' }).click()
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

      await page.reload()
      expect(await page.content()).not.toContain(clientSecret)
      await page.goto(`${emulator.ready.issuer}/account`)
      await page.goBack()
      expect(await page.content()).not.toContain(clientSecret)
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
      demo = await startDemo(sveltekit, Number(new URL(demoOrigin).port), {
        issuer: emulator.ready.issuer,
        clientId,
        clientSecret,
        sessionSecret: randomBytes(32).toString('base64url'),
      })
      expect((await fetch(demoOrigin)).status).toBe(200)
    },
    timeout,
  )
})

describe('every page on the way', () => {
  it('passes axe and fits its screen, light and dark, wide and narrow', () => {
    expect(faults).toEqual([])
  })
})
