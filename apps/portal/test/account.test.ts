import type { Person } from '@civitai-oauth/provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faults } from './browser.ts'
import { type Stage, stage } from './stage.ts'

let on: Stage
let ada: Person

beforeAll(async () => {
  on = await stage()
  ada = await on.personOf('ada')
})
afterAll(() => on?.close())

describe('staying in control', () => {
  it('changes a buzz limit later, sees what was spent of it, and takes it away again', async () => {
    const clientId = await on.register(ada)
    const person = await on.newPerson()
    const visit = await on.visit(person)
    const { page, complaints } = visit
    await page.goto(on.app.begin(on.portal.origin, clientId, ['AIServicesWrite']))
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.waitForURL(/landed/)
    await page.goto(`${on.portal.origin}/account`)
    await page.getByText('No limit on buzz.').waitFor()
    await page.getByRole('link', { name: 'Change limit of Radio' }).click()
    await page.getByRole('radio', { name: 'No more than' }).check()
    await page.getByLabel('Buzz', { exact: true }).fill('300')
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('At most 300 buzz in any 24 hours').waitFor()
    expect(await page.locator('#connected').innerText()).toContain('0 spent')
    await page.getByRole('link', { name: 'Change limit of Radio' }).click()
    await page.getByRole('radio', { name: 'As much as I have' }).check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('No limit on buzz.').waitFor()
    expect((await on.portal.provider.grants.list(person))[0]?.buzzLimit).toBeNull()
    expect(complaints).toEqual([])
    await visit.close()
  })

  it('pages and searches many connected apps', async () => {
    const person = await on.newPerson()
    for (let number = 1; number <= 23; number++)
      await on.connect(person, await on.register(ada, { name: `Connected ${number}` }), ['BuzzRead'])
    const visit = await on.visit(person)
    const { page } = visit
    await page.goto(`${on.portal.origin}/account`)
    const names = page.locator('#connected h3')
    expect(await names.count()).toBe(20)
    await page.getByRole('link', { name: 'Next page' }).click()
    await page.getByText('21 to 23 of 23 apps').waitFor()
    expect(await names.count()).toBe(3)
    await page.getByRole('link', { name: 'Previous page' }).click()
    await page.getByText('1 to 20 of 23 apps').waitFor()
    await page.getByLabel('Search connected apps').fill('connected 7')
    await page.locator('#connected').getByRole('button', { name: 'Search' }).click()
    await page.waitForURL(/connected=/)
    expect(await names.allInnerTexts()).toEqual(['Connected 7'])
    await visit.close()
  })

  it('an owner asks for verification, staff find it, answer with a reason, and the badge shows on consent', async () => {
    const clientId = await on.register(ada, { name: 'Checked' })
    const owner = await on.visit(ada)
    await owner.page.goto(`${on.portal.origin}/account/apps/${clientId}`)
    await owner.page.getByRole('link', { name: 'Verification' }).click()
    await owner.page.getByLabel('Links').fill('javascript:alert(1)')
    await owner.page.getByRole('button', { name: 'Send to staff' }).click()
    await owner.page.locator('#note-error').waitFor()
    expect(await owner.page.locator('#links-error').innerText()).toContain('Other schemes are not accepted')
    await owner.page.getByLabel('Who you are').fill('We are a small radio.\n<b>Really</b>')
    await owner.page.getByLabel('Links').fill('https://radio.example.com/about')
    await owner.page.getByRole('button', { name: 'Send to staff' }).click()
    await owner.page.getByText('Waiting for staff').waitFor()

    const desk = await on.visit(await on.personOf('mod'))
    await desk.page.goto(`${on.portal.origin}/account`)
    await desk.page.getByRole('link', { name: 'Staff' }).click()
    await desk.page
      .getByRole('region', { name: 'Waiting for verification' })
      .getByRole('link', { name: 'Checked' })
      .waitFor()
    await desk.page.getByLabel('Name, client ID or owner').fill('chec')
    await desk.page.getByRole('button', { name: 'Search' }).click()
    await desk.page.waitForURL(/q=chec/)
    await desk.page.getByRole('region', { name: 'Find an app' }).getByRole('link', { name: 'Checked' }).click()
    await desk.page.getByText('<b>Really</b>').waitFor()
    await desk.page.getByRole('button', { name: 'Verify', exact: true }).click()
    await desk.page.locator('#reason-error').waitFor()
    await desk.page.getByLabel('Reason').fill('Known for years.')
    await desk.page.getByRole('button', { name: 'Verify', exact: true }).click()
    await desk.page.getByRole('button', { name: 'Withdraw verification' }).waitFor()

    await owner.page.reload()
    await owner.page.getByText('Known for years.').waitFor()
    const person = await on.newPerson()
    const visit = await on.visit(person)
    await visit.page.goto(on.app.begin(on.portal.origin, clientId, ['BuzzRead']))
    await visit.page.getByText('Verified', { exact: true }).waitFor()
    expect(await visit.page.getByText('Nobody has verified this app.').count()).toBe(0)
    for (const { complaints } of [owner, desk, visit]) expect(complaints).toEqual([])
    for (const { close } of [owner, desk, visit]) await close()
  })

  it('U9 creates an API key, shown once, and deletes it', async () => {
    const person = await on.newPerson()
    const visit = await on.visit(person)
    const { page, complaints } = visit
    await page.goto(`${on.portal.origin}/account/keys`)
    await page.getByRole('button', { name: 'Create key' }).click()
    await page.locator('#name-error').waitFor()
    await page.getByLabel('Name').fill('My script')
    await page.getByRole('button', { name: 'Create key' }).click()
    await page.getByText('Copy it now.').waitFor()
    const key = await page.locator('code').first().innerText()
    expect(key).toMatch(/^QK-/)
    await page.reload()
    await page.getByRole('heading', { name: 'My script' }).waitFor()
    expect(await page.content()).not.toContain(key)
    await page.getByRole('button', { name: 'Delete My script' }).click()
    await page.getByText('None yet.').waitFor()
    expect(await on.portal.provider.apiKeys.list(person)).toEqual([])
    expect(complaints).toEqual([])
    await visit.close()
  })
})

describe('looking back', () => {
  it('shows the owner refusals with their reasons, in a chart, filtered and exported', async () => {
    const clientId = await on.register(ada, { name: 'Looked at', type: 'public' })
    const person = await on.newPerson()
    await on.connect(await on.newPerson(), clientId, ['BuzzRead'], 3)
    const visit = await on.visit(person)
    const { page, complaints } = visit
    for (const decision of ['Deny', 'Authorize']) {
      await page.goto(on.app.begin(on.portal.origin, clientId, ['BuzzRead']))
      await page.getByRole('button', { name: decision }).click()
      await page.waitForURL(/landed/)
    }
    await page.goto(`${on.portal.origin}/account/activity`)
    expect(await page.getByRole('main').innerText()).toContain('Allowed access · Looked at')

    await on.signIn(visit, ada)
    await page.goto(`${on.portal.origin}/account/apps/${clientId}/activity`)
    const log = page.getByRole('region', { name: 'Audit log' })
    expect(await log.innerText()).toContain('App registered')
    expect(await log.innerText()).toContain('Read profile, settings & email, View buzz balance & history')
    expect(await page.getByRole('img').getAttribute('aria-label')).toContain('1 sign-in, 3 refreshes, 1 refusal')
    await page.getByRole('link', { name: 'Refusals' }).click()
    await page.waitForURL(/show=refusals/)
    expect(await log.locator('li').count()).toBe(1)
    expect(await log.innerText()).toContain('the person pressed Deny')

    const exported = await page.request.get(`${on.portal.origin}/account/apps/${clientId}/activity/export`)
    expect(exported.headers()['content-type']).toBe('application/x-ndjson; charset=utf-8')
    const lines = (await exported.text()).trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual([
      'granted',
      'refused',
      'signed-in',
      'granted',
      'app-registered',
    ])
    expect(complaints).toEqual([])
    await visit.close()
  })

  it('O3 keeps the log of an app that is deleted, and tells how many it cut off', async () => {
    const clientId = await on.register(ada, { name: 'Short-lived' })
    const person = await on.newPerson()
    const visit = await on.visit(person)
    const { page } = visit
    await page.goto(on.app.begin(on.portal.origin, clientId, ['BuzzRead']))
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.waitForURL(/landed/)
    await on.signIn(visit, ada)
    await page.goto(`${on.portal.origin}/account/apps/${clientId}/delete`)
    await page.getByText('This signs out 1 person').waitFor()
    await page.getByLabel("Type the app's name to confirm").fill('Short-lived')
    await page.getByRole('button', { name: 'Delete this app' }).click()
    await page.getByText('Short-lived is deleted: 1 person signed out').waitFor()
    await page.getByRole('link', { name: 'Its audit log' }).click()
    await page.getByText('This app is deleted. Its log stays.').waitFor()
    expect(await page.getByRole('region', { name: 'Audit log' }).innerText()).toContain('App deleted')
    expect(await on.portal.provider.grants.list(person)).toEqual([])
    await visit.close()
  })

  it('signs out of every browser at once', async () => {
    const person = await on.newPerson()
    const [here, there] = [await on.visit(person), await on.visit(person)]
    await here.page.goto(`${on.portal.origin}/account`)
    await here.page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await here.page.waitForURL(`${on.portal.origin}/`)
    await there.page.goto(`${on.portal.origin}/account`)
    expect(new URL(there.page.url()).pathname).toBe('/login')
    await here.close()
    await there.close()
  })
})
