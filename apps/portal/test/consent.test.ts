import type { Person } from '@civitai-oauth/provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faults } from './browser.ts'
import { type Stage, quailyAddress, stage } from './stage.ts'

let on: Stage
let ada: Person

beforeAll(async () => {
  on = await stage()
  ada = await on.personOf('ada')
})
afterAll(() => on?.close())

describe('being asked', () => {
  it('says who asks, for what, and where it leads; Authorize ends at the app, which Connected Apps then lists', async () => {
    const clientId = await on.register(ada)
    const person = await on.newPerson()
    const visit = await on.visit(null)
    const { page, complaints } = visit
    await page.goto(
      on.app.begin(on.portal.origin, clientId, ['ModelsDelete', 'AIServicesWrite', 'BuzzRead', 'VaultRead']),
    )
    // Not signed in: first that, and then on to what was asked.
    await page.getByRole('button', { name: person.username }).click()
    await page.getByRole('heading', { name: 'Radio wants to access your Civitai account' }).waitFor()
    const said = await page.getByRole('main').innerText()
    for (const words of [
      'Music channels all day long.',
      'By ada',
      'Not verified',
      'Read profile, settings & email',
      'Delete models\nCan delete',
      'Generate, train & scan\nSpends your Buzz',
      'View buzz balance & history',
      'will not get: View vault.',
      new URL(on.app.redirectUri).origin,
      `Signed in as ${person.username}`,
    ])
      expect(
        said
          .replaceAll(/ *\n+ */g, '\n')
          .replaceAll(' Can', '\nCan')
          .replaceAll(' Spends', '\nSpends'),
      ).toContain(words)

    await page.getByRole('radio', { name: 'No more than' }).check()
    await page.getByLabel('Buzz', { exact: true }).fill('750')
    await page.getByLabel('in every').selectOption('7 days')
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    const [grant] = await on.portal.provider.grants.list(person)
    expect(grant?.buzzLimit).toEqual([{ type: 'sliding', limit: 750, unit: 7, window: 'day' }])
    expect(grant?.remembered).toBe(true)

    await page.goto(`${on.portal.origin}/account`)
    expect(await page.locator('#connected h3').allInnerTexts()).toEqual(['Radio'])
    await page.locator('#connected summary').first().click()
    expect(await page.locator('#connected').innerText()).toContain('Generate, train & scan')
    expect(await faults(page)).toEqual([])
    await page.getByRole('link', { name: 'Remove Radio' }).click()
    await page.getByRole('heading', { name: 'Remove Radio?' }).waitFor()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No app has access to your account.').waitFor()
    expect(await on.portal.provider.grants.list(person)).toEqual([])
    expect(complaints).toEqual([])
    await visit.close()
  })

  it('U4 marks what is new when the app asks for more, and keeps the limit that stands', async () => {
    const clientId = await on.register(ada)
    const person = await on.newPerson()
    const visit = await on.visit(person)
    const { page } = visit
    await page.goto(on.app.begin(on.portal.origin, clientId, ['AIServicesWrite']))
    await page.getByRole('radio', { name: 'No more than' }).check()
    await page.getByLabel('Buzz', { exact: true }).fill('20')
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    // U5: covered and remembered, so nothing is asked.
    await page.goto(on.app.begin(on.portal.origin, clientId, ['AIServicesWrite']))
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()

    await page.goto(on.app.begin(on.portal.origin, clientId, ['AIServicesWrite', 'BuzzRead']))
    await page.getByText('It asks for more than you allowed before.').waitFor()
    const added = page.locator('dd', { hasText: 'New' })
    expect(await added.count()).toBe(1)
    expect(await added.innerText()).toContain('View buzz balance')
    expect(await page.getByRole('radio', { name: 'As now' }).isChecked()).toBe(true)
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    const [grant] = await on.portal.provider.grants.list(person)
    expect(grant?.buzzLimit).toEqual([{ type: 'sliding', limit: 20, unit: 24, window: 'hour' }])
    expect(grant?.scopes).toContain('BuzzRead')
    await visit.close()
  })

  it('Deny leads back to the app and grants nothing, also with half a limit typed', async () => {
    const clientId = await on.register(ada)
    const person = await on.newPerson()
    const visit = await on.visit(person)
    const { page } = visit
    await page.goto(on.app.begin(on.portal.origin, clientId, ['AIServicesWrite']))
    await page.getByRole('radio', { name: 'No more than' }).check()
    await page.getByLabel('Buzz', { exact: true }).fill('')
    await page.getByText('Write a whole number above 0.').waitFor()
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.getByRole('heading', { name: 'access_denied' }).or(page.getByText('access denied')).first().waitFor()
    expect(await on.portal.provider.grants.list(person)).toEqual([])
    await visit.close()
  })

  it('works with JavaScript off, the limit among ready-made ones', async () => {
    const clientId = await on.register(ada)
    const person = await on.newPerson()
    const visit = await on.visit(null, { javaScriptEnabled: false })
    const { page } = visit
    await page.goto(on.app.begin(on.portal.origin, clientId, ['AIServicesWrite']))
    await page.getByRole('button', { name: person.username }).click()
    await page.getByRole('combobox', { name: 'Limit' }).selectOption({ label: '1,000 Buzz in 30 days' })
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    const [grant] = await on.portal.provider.grants.list(person)
    expect(grant?.buzzLimit).toEqual([{ type: 'sliding', limit: 1000, unit: 30, window: 'day' }])
    await page.goto(`${on.portal.origin}/account`)
    await page.getByRole('link', { name: 'Remove Radio' }).click()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.waitForURL(/\/account/)
    expect(await on.portal.provider.grants.list(person)).toEqual([])
    await visit.close()
  })

  it('asks for Quaily in Quaily’s words, and ends at the page that shows the code for a terminal', async () => {
    const clientId = await on.register(ada, {
      name: 'Writer',
      description: 'Posts from your terminal.',
      redirectUris: `${on.portal.origin}/quaily/oauth/code`,
      scopes: ['user.full', 'post.write'],
      type: 'public',
      dialect: 'quaily',
    })
    const person = await on.newPerson()
    const visit = await on.visit(person)
    const { page, complaints } = visit
    await page.goto(quailyAddress(on.portal.origin, clientId, 'user.full post.write'))
    await page.getByRole('heading', { name: 'Writer wants to access your Quaily account' }).waitFor()
    const said = await page.getByRole('main').innerText()
    expect(said).toContain('Read and manage posts and related content')
    expect(said).not.toContain('Buzz')
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('heading', { name: 'Copy this into your terminal' }).waitFor()
    expect(await page.locator('code').last().innerText()).toBe('a-state')
    expect(complaints).toEqual([])
    await visit.close()
  })

  it('warns before another device is signed in, and leads back to it', async () => {
    const clientId = await on.register(ada, { type: 'public' })
    const device = await on.beginDevice(clientId)
    const person = await on.newPerson()
    const visit = await on.visit(person)
    const { page } = visit
    await page.goto(device.page)
    await page.getByRole('textbox').fill(device.code)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('This signs in another device.').waitFor()
    expect(await page.getByRole('link', { name: 'Switch account' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('heading', { name: 'Your device is signed in' }).waitFor()
    await visit.close()
  })

  it('lets somebody else go on with the same request', async () => {
    const clientId = await on.register(ada)
    const [first, second] = [await on.newPerson(), await on.newPerson()]
    const visit = await on.visit(first)
    const { page } = visit
    await page.goto(on.app.begin(on.portal.origin, clientId, ['BuzzRead']))
    await page.getByRole('link', { name: 'Switch account' }).click()
    await page.getByText(`You are signed in as ${first.username}`).waitFor()
    await page.getByRole('button', { name: second.username, exact: true }).click()
    await page.getByText(`Signed in as ${second.username}`).waitFor()
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    expect(await on.portal.provider.grants.list(first)).toEqual([])
    expect((await on.portal.provider.grants.list(second)).length).toBe(1)
    await visit.close()
  })

  it('by keyboard alone: Deny and Authorize are reached, and Enter decides', async () => {
    const clientId = await on.register(ada)
    const person = await on.newPerson()
    const visit = await on.visit(person)
    const { page } = visit
    await page.goto(on.app.begin(on.portal.origin, clientId, ['BuzzRead']))
    const reached: string[] = []
    while (reached.at(-1) !== 'Authorize' && reached.length < 20) {
      await page.keyboard.press('Tab')
      reached.push(await page.evaluate(() => document.activeElement?.textContent?.trim() ?? ''))
    }
    expect(reached).toContain('Deny')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    await visit.close()
  })

  it('U6 shows a hostile name and description as text, and they rearrange nothing around them', async () => {
    const name = '\u202eidom detceridér\u2066'
    const description = '<a href="https://evil.example">Click</a> \u202e'
    const clientId = await on.register(ada, { name, description })
    const person = await on.newPerson()
    const visit = await on.visit(person)
    const { page, complaints } = visit
    await page.goto(on.app.begin(on.portal.origin, clientId, ['BuzzRead']))
    expect(await page.locator('h1 bdi').innerText()).toBe('idom detceridér')
    expect(await page.getByRole('main').getByRole('link', { name: 'Click' }).count()).toBe(0)
    // Our own words still run from left to right: the w of "wants" stands before its s.
    const [w, last] = await page.locator('h1 > span').evaluate((words) => {
      const leftOf = (at: number) => {
        const range = document.createRange()
        range.setStart(words.firstChild as Node, at)
        range.setEnd(words.firstChild as Node, at + 1)
        return range.getBoundingClientRect().left
      }
      return [leftOf(0), leftOf(4)]
    })
    expect(w).toBeLessThan(last as number)
    expect(complaints).toEqual([])
    await visit.close()
  })

  it('U3 shows another browser nothing of the request, and says what to do', async () => {
    const clientId = await on.register(ada)
    const [owner, other] = [await on.newPerson(), await on.newPerson()]
    const first = await on.visit(owner)
    await first.page.goto(on.app.begin(on.portal.origin, clientId, ['BuzzRead']))
    await first.page.getByRole('heading', { name: 'Radio wants' }).waitFor()
    const address = first.page.url()

    const second = await on.visit(other)
    await second.page.goto(address)
    await second.page.getByText('Go back to the app and sign in there once more.').waitFor()
    expect(await second.page.getByRole('main').innerText()).not.toContain('Radio')
    await first.close()
    await second.close()
  })
})
