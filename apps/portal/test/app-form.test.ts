import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch, visitor } from './browser.ts'
import { type Served, serve } from './serve.ts'

let browser: Browser
let portal: Served

beforeAll(async () => {
  ;[browser, portal] = await Promise.all([launch(), serve()])
})
afterAll(async () => {
  await browser?.close()
  await portal?.close()
})

/** Holds back the scripts of pages opened from now on, until `arrived.resolve()`. */
const withoutScriptsYet = async (page: Page) => {
  const arrived = Promise.withResolvers<void>()
  await page.route('**/_app/**/*.js', async (route) => {
    await arrived.promise
    await route.continue()
  })
  return arrived
}

const atTheForm = async () => {
  const ada = await portal.provider.admin.findPerson('ada')
  if (!ada) throw new Error('no ada')
  const visit = await visitor(browser)
  const cookie = await portal.provider.admin.beginSession(ada)
  await visit.page.context().addCookies([{ ...cookie, url: portal.origin }])
  return visit
}

describe('the app form', () => {
  it('keeps what a person chose before its scripts came', async () => {
    const { page, complaints, close } = await atTheForm()
    const arrived = await withoutScriptsYet(page)
    await page.goto(`${portal.origin}/account/apps/new`, { waitUntil: 'commit' })
    await page.getByLabel('App name').fill('Early')
    await page.getByLabel('Permission preset').selectOption('AI Services')
    await page.getByRole('radio', { name: /^Public/ }).check()
    arrived.resolve()
    await page.getByRole('checkbox', { name: /^AI Services, Write/, checked: true }).waitFor()
    expect(await page.getByLabel('Permission preset').inputValue()).toBe('AI Services')
    expect(await page.getByRole('radio', { name: /^Public/ }).isChecked()).toBe(true)
    expect(await page.getByLabel('App name').inputValue()).toBe('Early')
    expect(complaints).toEqual([])
    await close()
  })

  it('takes back what it said of an address once the line is mended, and not before', async () => {
    const { page, close } = await atTheForm()
    await page.goto(`${portal.origin}/account/apps/new`)
    await page.getByLabel('App name').fill('Mended')
    const lines = page.getByLabel('Redirect URIs')
    await lines.fill('https://fine.example/callback\nhttp://bad.example/callback')
    await page.getByRole('button', { name: 'Create app' }).click()
    const error = page.getByText('One of these addresses cannot be used.')
    await error.waitFor()
    await lines.fill('https://fine.example/callback\nhttp://worse.example/callback')
    expect(await error.count()).toBe(1)
    await lines.fill('https://fine.example/callback\nhttps://bad.example/callback')
    await error.waitFor({ state: 'detached' })
    expect(await lines.getAttribute('aria-invalid')).toBeNull()
    await close()
  })
})

describe('every form', () => {
  const registered = async () => {
    const ada = await portal.provider.admin.findPerson('ada')
    if (!ada) throw new Error('no ada')
    const result = await portal.provider.apps.register(ada, {
      name: 'Typed early',
      description: '',
      redirectUris: 'https://app.example/callback',
      scopes: ['UserRead'],
      type: 'confidential',
      dialect: 'civitai',
    })
    if (result._tag !== 'Registered') throw new Error(result._tag)
    return result.app.clientId
  }

  it.each([
    ['signing up', () => '/login?with=sign-up', ['Email', 'Username', 'Password']],
    ['an API key', () => '/account/keys', ['Name']],
    ['asking for verification', (app: string) => `/account/apps/${app}/verification`, ['Who you are', 'Links']],
    ['deleting', (app: string) => `/account/apps/${app}/delete`, ["Type the app's name"]],
  ])('keeps what a person typed before its scripts came: %s', async (_, address, labels) => {
    const { page, complaints, close } = await atTheForm()
    const arrived = await withoutScriptsYet(page)
    await page.goto(portal.origin + address(await registered()), { waitUntil: 'commit' })
    for (const label of labels) await page.getByLabel(label).fill('typed early')
    arrived.resolve()
    // There only once the scripts have taken the page over.
    await page.locator('#svelte-announcer').waitFor({ state: 'attached' })
    for (const label of labels) expect(await page.getByLabel(label).inputValue(), label).toBe('typed early')
    expect(complaints).toEqual([])
    await close()
  })
})
