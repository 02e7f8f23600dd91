import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Hand, hands } from './hands.ts'
import { type Stage, quailyAddress, stage } from './stage.ts'

let on: Stage
beforeAll(async () => {
  on = await stage()
})
afterAll(() => on?.close())

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor()
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const link = (page: Page, name: string | RegExp) => page.getByRole('link', { name })

/** A limit, in the way that the page offers one. */
const limit = async (hand: Hand, page: Page, amount: '500' | '1,000', period: string) => {
  if (!hand.scripts) return hand.choose(page.getByRole('combobox'), `${amount} Buzz in ${period}`)
  await hand.tick(page.getByRole('radio', { name: 'No more than' }))
  await hand.write(page.getByLabel('Buzz', { exact: true }), amount.replace(',', ''))
  await hand.choose(page.getByLabel('in every'), period)
}

describe.each(hands)('$name', (hand) => {
  it('somebody signs up, out, in again, and out everywhere', async () => {
    const { page, complaints, close } = await on.visit(null, hand.options)
    const name = `new${hands.indexOf(hand)}`
    await page.goto(`${on.portal.origin}/login`)
    await hand.press(link(page, 'Use an email and a password'))
    await hand.press(link(page, 'Create an account'))
    await hand.write(page.getByLabel('Email'), `${name}@example.com`)
    await hand.write(page.getByLabel('Username'), name)
    await hand.write(page.getByLabel('Password'), 'correct horse battery')
    await hand.press(button(page, 'Create an account'))
    await page.getByText(`Signed in as ${name}`).waitFor()
    await hand.press(button(page, 'Sign out'))
    await hand.press(link(page, 'Sign in').first())
    await hand.press(link(page, 'Use an email and a password'))
    await hand.write(page.getByLabel('Email'), `${name}@example.com`)
    await hand.write(page.getByLabel('Password'), 'correct horse battery')
    await hand.press(button(page, 'Sign in'))
    await page.getByText(`Signed in as ${name}`).waitFor()
    await hand.press(button(page, 'Sign out everywhere'))
    await page.waitForURL(`${on.portal.origin}/`)
    await page.goto(`${on.portal.origin}/account`)
    await hand.press(page.getByRole('button', { name: 'ben' }))
    await page.getByText('Signed in as ben').waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('a developer registers an app, edits it, changes its secret without a gap, and deletes it', async () => {
    const owner = await on.newPerson()
    const { page, complaints, close } = await on.visit(owner, hand.options)
    const apps = async () => (await on.portal.provider.apps.list(owner)).apps
    await page.goto(`${on.portal.origin}/account`)
    await hand.press(link(page, 'Register an app'))
    await hand.write(page.getByLabel('App name'), 'Radio')
    await hand.write(page.getByLabel('Description'), 'Plays music.')
    await hand.write(page.getByLabel('Redirect URIs'), 'https://radio.example.com/cb')
    await hand.choose(page.getByLabel('Permission preset'), 'AI Services')
    await hand.press(button(page, 'Create app'))
    await heading(page, 'Radio is registered')
    if (hand.scripts) await hand.press(button(page, 'Copy Client secret'))
    await hand.press(link(page, 'Done, go to the app'))
    await heading(page, 'Radio')
    expect(await apps()).toMatchObject([
      { allowedScopes: ['UserRead', 'AIServicesRead', 'AIServicesWrite', 'BuzzRead'], type: 'confidential' },
    ])

    await hand.press(link(page, 'Account'))
    await hand.press(link(page, 'Edit Radio'))
    await hand.write(page.getByLabel('Description'), 'Plays all music.')
    await hand.tick(page.getByRole('checkbox', { name: 'Vault, Read' }))
    await hand.press(button(page, 'Save changes'))
    await page.getByText('Plays all music.').waitFor()
    expect((await apps())[0]?.allowedScopes).toContain('VaultRead')

    await hand.press(link(page, 'Account'))
    await hand.press(link(page, 'Rotate secret of Radio'))
    await hand.press(button(page, 'Prepare next secret'))
    await heading(page, 'The next secret')
    expect((await apps())[0]?.nextSecret).not.toBeNull()
    if (hand.scripts) await hand.press(button(page, 'Copy Client secret'))
    await hand.press(button(page, 'Rotate now'))
    await page.getByText('the prepared secret is the only one now').waitFor()

    await hand.press(link(page, 'Account'))
    await hand.press(link(page, 'Delete Radio'))
    await hand.write(page.getByLabel("Type the app's name"), 'Radio')
    await hand.press(button(page, 'Delete this app'))
    await page.getByText('Radio is deleted').waitFor()
    expect(await apps()).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  it('somebody lets an app in within a limit, changes the limit, lifts it, and takes everything back', async () => {
    const clientId = await on.register(await on.personOf('ada'))
    const person = await on.newPerson()
    const { page, complaints, close } = await on.visit(person, hand.options)
    const grants = () => on.portal.provider.grants.list(person)
    await page.goto(on.app.begin(on.portal.origin, clientId, ['AIServicesWrite']))
    await heading(page, 'Radio wants to access your Civitai account')
    await limit(hand, page, '500', '7 days')
    await hand.tick(page.getByRole('checkbox', { name: 'Remember this' }))
    await hand.press(button(page, 'Authorize'))
    await heading(page, 'Welcome')
    const week = { type: 'sliding', limit: 500, unit: 7, window: 'day' }
    expect(await grants()).toMatchObject([{ buzzLimit: [week] }])

    await page.goto(`${on.portal.origin}/account`)
    await hand.press(link(page, 'Change limit of Radio'))
    await limit(hand, page, '1,000', '30 days')
    await hand.press(button(page, 'Save'))
    await page.getByText('At most 1,000 buzz in any 30 days').waitFor()
    await hand.press(link(page, 'Change limit of Radio'))
    const none = 'As much as I have'
    if (hand.scripts) await hand.tick(page.getByRole('radio', { name: none }))
    else await hand.choose(page.getByRole('combobox'), none)
    await hand.press(button(page, 'Save'))
    await page.getByText('No limit on buzz.').waitFor()
    await hand.press(link(page, 'Remove Radio'))
    await hand.press(button(page, 'Remove'))
    await page.getByText('No app has access to your account.').waitFor()
    expect(await grants()).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  it('somebody says no, and the app gets nothing', async () => {
    const clientId = await on.register(await on.personOf('ada'))
    const person = await on.newPerson()
    const { page, close } = await on.visit(person, hand.options)
    await page.goto(on.app.begin(on.portal.origin, clientId, ['AIServicesWrite']))
    await hand.press(button(page, 'Deny'))
    await heading(page, 'access_denied')
    expect(await on.portal.provider.grants.list(person)).toEqual([])
    await close()
  })

  it('somebody signs in to a device and to a terminal', async () => {
    const ada = await on.personOf('ada')
    const person = await on.newPerson()
    const { page, complaints, close } = await on.visit(person, hand.options)
    const device = await on.beginDevice(await on.register(ada, { type: 'public' }))
    await page.goto(device.page)
    await hand.write(page.getByRole('textbox'), device.code)
    await hand.press(button(page, 'Continue'))
    await page.getByText('This signs in another device.').waitFor()
    await hand.press(button(page, 'Authorize'))
    await heading(page, 'Your device is signed in')

    const { origin } = on.portal
    const quaily = { dialect: 'quaily', type: 'public', redirectUris: `${origin}/quaily/oauth/code` } as const
    const writer = await on.register(ada, { ...quaily, name: 'Writer', scopes: ['user.full', 'post.write'] })
    await page.goto(quailyAddress(origin, writer, 'user.full post.write'))
    await heading(page, 'Writer wants to access your Quaily account')
    await hand.press(button(page, 'Authorize'))
    await heading(page, 'Copy this into your terminal')
    expect((await on.portal.provider.grants.list(person)).map(({ appName }) => appName).toSorted()).toEqual([
      'Radio',
      'Writer',
    ])
    expect(complaints).toEqual([])
    await close()
  })

  it('an owner asks to be verified, and staff find the app, verify it and withdraw that', async () => {
    const owner = await on.newPerson()
    const name = `Checked ${hand.name}`
    const clientId = await on.register(owner, { name })
    const verified = async () => (await on.portal.provider.admin.findApp(clientId))?.verified
    const asking = await on.visit(owner, hand.options)
    await asking.page.goto(`${on.portal.origin}/account/apps/${clientId}`)
    await hand.press(link(asking.page, 'Verification'))
    await hand.write(asking.page.getByLabel('Who you are'), 'A small radio.')
    await hand.write(asking.page.getByLabel('Links'), 'https://radio.example.com/about')
    await hand.press(button(asking.page, 'Send to staff'))
    await asking.page.getByText('Waiting for staff').waitFor()

    const desk = await on.visit(await on.personOf('mod'), hand.options)
    await desk.page.goto(`${on.portal.origin}/staff`)
    await hand.write(desk.page.getByRole('searchbox'), name)
    await hand.press(button(desk.page, 'Search'))
    const found = desk.page.getByRole('region', { name: 'Find an app' })
    await hand.press(found.getByRole('link', { name }))
    await hand.write(desk.page.getByLabel('Reason'), 'Known for years.')
    await hand.press(button(desk.page, 'Verify'))
    await button(desk.page, 'Withdraw verification').waitFor()
    expect(await verified()).toBe(true)
    await hand.write(desk.page.getByLabel('Reason'), 'Sold to somebody else.')
    await hand.press(button(desk.page, 'Withdraw verification'))
    await button(desk.page, 'Verify').waitFor()
    expect(await verified()).toBe(false)
    // Staff read who it was; everybody else does not.
    expect(await desk.page.getByRole('region', { name: 'Newest events' }).innerText()).toContain('by mod')
    await hand.press(link(asking.page, name))
    await hand.press(link(asking.page, 'Activity'))
    const log = asking.page.getByRole('region', { name: 'Audit log' })
    await log.getByText('by staff').first().waitFor()
    expect(await log.innerText()).not.toContain('mod')
    for (const { complaints, close } of [asking, desk]) {
      expect(complaints).toEqual([])
      await close()
    }
  })

  it('somebody makes an API key and deletes it', async () => {
    const person = await on.newPerson()
    const { page, complaints, close } = await on.visit(person, hand.options)
    const keys = async () => (await on.portal.provider.apiKeys.list(person)).map(({ name }) => name)
    await page.goto(`${on.portal.origin}/account`)
    await hand.press(link(page, 'API keys'))
    await hand.write(page.getByLabel('Name'), 'My script')
    await hand.press(button(page, 'Create key'))
    await page.getByText('Copy it now.').waitFor()
    expect(await keys()).toEqual(['My script'])
    if (hand.scripts) await hand.press(button(page, 'Copy API key'))
    await hand.press(button(page, 'Delete My script'))
    await page.getByText('None yet.').waitFor()
    expect(await keys()).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })
})
