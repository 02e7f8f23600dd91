import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shownText } from '@civitai-oauth/core/shown-text'
import { type Visitor, faults } from './browser.ts'
import { type Stage, stage } from './stage.ts'

let on: Stage

beforeAll(async () => {
  on = await stage()
})
afterAll(() => on?.close())

/** A new person of their own for a test, signed in. */
const signedIn = async (options: Parameters<Stage['visit']>[1] = {}): Promise<Visitor & { username: string }> => {
  const person = await on.newPerson()
  return { ...(await on.visit(person, options)), username: person.username }
}

const draft = {
  name: 'Radio',
  description: 'Music channels all day long.',
  redirectUris: 'https://radio.example.com/oauth/callback',
  scopes: ['UserRead', 'BuzzRead'],
  type: 'confidential',
  dialect: 'civitai',
} as const

const registerApp = async (username: string, changes: Partial<typeof draft> | { name: string } = {}) => {
  const clientId = await on.register(await on.personOf(username), { ...draft, ...changes })
  const app = await on.portal.provider.admin.findApp(clientId)
  if (!app) throw new Error('not registered')
  return app
}

describe('arriving', () => {
  it('explains where one is, signs a sample person in with one click, and goes on to the account', async () => {
    const { page, complaints, close } = await on.visit(null)
    await page.goto(on.portal.origin)
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.getByRole('button', { name: 'ada' }).click()
    await page.waitForURL(`${on.portal.origin}/account`)
    expect(await page.getByRole('main').innerText()).toContain('Signed in as ada')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.waitForURL(`${on.portal.origin}/`)
    expect(complaints).toEqual([])
    await close()
  })

  it('asks who is there first, and then shows the page that was asked for', async () => {
    const { page, close } = await on.visit(null)
    await page.goto(`${on.portal.origin}/account/apps/new?x=1`)
    await page.getByRole('button', { name: 'ben' }).click()
    await page.waitForURL(`${on.portal.origin}/account/apps/new?x=1`)
    await close()
  })

  it('signs up, keeps what was typed when something is wrong, and signs in again', async () => {
    const { page, complaints, close } = await on.visit(null)
    await page.goto(`${on.portal.origin}/login?with=sign-up`)
    await page.getByLabel('Email').fill('grace@example.com')
    await page.getByLabel('Username').fill('g')
    await page.getByLabel('Password').fill('correct horse battery')
    await page.getByRole('button', { name: 'Create an account' }).click()
    await page.locator('#username-error').waitFor()
    expect(await page.getByLabel('Email').inputValue()).toBe('grace@example.com')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('username')
    await page.getByLabel('Username').fill('grace')
    await page.getByRole('button', { name: 'Create an account' }).click()
    await page.waitForURL(`${on.portal.origin}/account`)
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()

    await page.goto(`${on.portal.origin}/login?with=email`)
    await page.getByLabel('Email').fill('grace@example.com')
    await page.getByLabel('Password').fill('wrong horse')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator('#password-error').waitFor()
    await page.getByLabel('Password').fill('correct horse battery')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${on.portal.origin}/account`)
    expect(complaints).toEqual([])
    await close()
  })
})

describe('registering an app', () => {
  it('starts from the least, follows the presets, and checks each redirect line as it is typed', async () => {
    const { page, complaints, close } = await signedIn()
    await page.goto(`${on.portal.origin}/account`)
    await page.getByText('No apps yet.').waitFor()
    await page.getByRole('link', { name: 'Register an app' }).click()
    await page.getByRole('heading', { name: 'Register an OAuth app' }).waitFor()

    const ticked = () =>
      page.locator('table input:checked').evaluateAll((all) => all.map((box) => box.getAttribute('value')))
    expect(await ticked()).toEqual(['UserRead'])
    const preset = page.getByLabel('Permission preset')
    await preset.selectOption('AI Services')
    expect(await ticked()).toEqual(['UserRead', 'AIServicesRead', 'AIServicesWrite', 'BuzzRead'])
    await page.getByRole('checkbox', { name: 'Vault, Read' }).check()
    expect(await preset.inputValue()).toBe('Custom')
    await preset.selectOption('Full Access')
    await page.getByText('It includes every Delete.').waitFor()
    await page.getByRole('checkbox', { name: 'Models, Delete' }).uncheck()
    expect(await preset.inputValue()).toBe('Custom')
    await preset.selectOption('Creator')
    expect((await ticked()).filter((box) => box?.endsWith('Delete'))).toEqual([])

    await page.getByLabel('Redirect URIs').fill('http://127.0.0.1:3000/cb\nhttps://radio.example.com/oauth/callback')
    await page.getByText('Plain http:// is accepted for localhost only').waitFor()
    const preview = page.getByRole('complementary', { name: 'Preview of the consent page' })
    await page.getByLabel('App name').fill('Radio')
    expect(await preview.innerText()).toContain('Radio wants to access your Civitai account')
    expect(await preview.innerText()).toContain('https://radio.example.com/oauth/callback')
    expect(complaints).toEqual([])
    await close()
  })

  it('says what is wrong beside the field, keeps what was typed and moves there', async () => {
    const { page, close } = await signedIn()
    await page.goto(`${on.portal.origin}/account/apps/new`)
    await page.getByLabel('Description').fill('Kept')
    await page.getByLabel('Redirect URIs').fill('javascript:alert(1)')
    await page.getByRole('button', { name: 'Create app' }).click()
    await page.locator('#name-error').waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('name')
    expect(await page.getByLabel('Description').inputValue()).toBe('Kept')
    expect(await page.getByLabel('Redirect URIs').getAttribute('aria-invalid')).toBe('true')
    await close()
  })

  it('U9 shows the secret once: not after a reload, not by going back, not in the address or any storage', async () => {
    const { page, complaints, username, close } = await signedIn()
    const addresses: string[] = []
    page.on('framenavigated', (frame) => addresses.push(frame.url()))
    await page.goto(`${on.portal.origin}/account/apps/new`)
    await page.getByLabel('App name').fill('Radio')
    await page.getByLabel('Redirect URIs').fill('https://radio.example.com/oauth/callback')
    await page.getByRole('button', { name: 'Create app' }).click()
    await page.getByText('Copy the client secret now.').waitFor()
    const lines = (await page.locator('code').last().innerText()).split('\n')
    expect(lines.map((line) => line.split('=')[0])).toEqual([
      'CIVITAI_CLIENT_ID',
      'CIVITAI_CLIENT_SECRET',
      'CIVITAI_SESSION_SECRET',
      'CIVITAI_ISSUER',
    ])
    const secret = lines[1]?.split('=')[1] ?? ''
    expect(secret.length).toBeGreaterThan(30)

    const [app] = (await on.portal.provider.apps.list(await on.personOf(username))).apps
    await page.getByRole('link', { name: 'Done, go to the app' }).click()
    await page.getByRole('dialog').getByText('has not been copied').waitFor()
    await page.getByRole('button', { name: 'Leave anyway' }).click()
    await page.waitForURL(`${on.portal.origin}/account/apps/${app?.clientId}`)
    expect(await page.content()).not.toContain(secret)
    await page.goBack()
    await page.getByRole('heading', { name: 'Register an OAuth app' }).waitFor()
    expect(await page.content()).not.toContain(secret)
    await page.reload()
    expect(await page.content()).not.toContain(secret)
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]))
    const cookies = JSON.stringify(await page.context().cookies())
    for (const place of [kept, cookies, ...addresses]) expect(place).not.toContain(secret)
    expect((await on.portal.provider.apps.list(await on.personOf(username))).total).toBe(1)
    expect(complaints).toEqual([])
    await close()
  })

  it('works with JavaScript off, and sending the form again does not register a second app', async () => {
    const { page, username, close } = await signedIn({ javaScriptEnabled: false })
    await page.goto(`${on.portal.origin}/account/apps/new`)
    await page.getByLabel('Redirect URIs').fill('http://example.com/')
    await page.getByRole('button', { name: 'Create app' }).click()
    expect(await page.locator('#name-error').count()).toBe(1)
    expect(await page.getByText('Plain http:// is accepted for localhost only').count()).toBe(1)
    expect(await page.locator('#name[autofocus]').count()).toBe(1)
    await page.getByLabel('App name').fill('Radio')
    await page.getByLabel('Redirect URIs').fill('http://localhost:3000/oauth/callback')
    await page.getByLabel('Permission preset').selectOption('AI Services')
    await page.getByRole('radio', { name: 'Public' }).check()
    await page.getByRole('button', { name: 'Create app' }).click()
    await page.getByRole('heading', { name: 'Radio is registered' }).waitFor()
    await page.reload()
    await page.getByText('is not registered a second time').waitFor()
    const { apps, total } = await on.portal.provider.apps.list(await on.personOf(username))
    expect(total).toBe(1)
    expect(apps[0]?.type).toBe('public')
    expect(apps[0]?.allowedScopes).toEqual(['UserRead', 'AIServicesRead', 'AIServicesWrite', 'BuzzRead'])
    await close()
  })

  it('asks what Quaily asks when the app is for Quaily: one address, words, and no secret', async () => {
    const { page, complaints, username, close } = await signedIn()
    await page.goto(`${on.portal.origin}/account/apps/new`)
    await page.getByRole('navigation', { name: 'Kind of app' }).getByRole('link', { name: 'Quaily' }).click()
    await page.getByLabel('Redirect URI').waitFor()
    expect(await page.getByRole('checkbox', { name: 'credit.full' }).isDisabled()).toBe(true)
    expect(await page.getByText('Client secret').count()).toBe(0)
    await page.getByLabel('App name').fill('Writer')
    await page.getByLabel('Redirect URI').fill('http://localhost:63812/oauth/code')
    await page.getByRole('checkbox', { name: 'post.write' }).check()
    expect(await page.getByRole('complementary').innerText()).toContain('Writer wants to access your Quaily account')
    await page.getByRole('button', { name: 'Create app' }).click()
    await page.getByRole('heading', { name: 'Writer is registered' }).waitFor()
    expect(await page.locator('code').last().innerText()).toContain('QUAILY_AUTH_BASE=')
    const { apps } = await on.portal.provider.apps.list(await on.personOf(username))
    expect(apps[0]).toMatchObject({ dialect: 'quaily', type: 'public', allowedScopes: ['user.public', 'post.write'] })
    await page.goto(`${on.portal.origin}/account/apps/${apps[0]?.clientId}/edit`)
    await page.getByRole('checkbox', { name: 'credit.read' }).check()
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.waitForURL(`${on.portal.origin}/account/apps/${apps[0]?.clientId}`)
    expect(await page.getByRole('region', { name: 'Permissions' }).innerText()).toContain('Read credit balance')
    expect(complaints).toEqual([])
    await close()
  })

  it('by keyboard alone', async () => {
    const { page, close } = await signedIn()
    await page.goto(`${on.portal.origin}/account/apps/new`)
    const tabTo = async (id: string) => {
      for (let step = 0; step < 60; step++) {
        await page.keyboard.press('Tab')
        if ((await page.evaluate(() => document.activeElement?.id)) === id) return
      }
      throw new Error(`Tab never reaches ${id}`)
    }
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content')
    await page.keyboard.press('Enter')
    await tabTo('name')
    await page.keyboard.type('By keyboard')
    await tabTo('redirectUris')
    await page.keyboard.type('https://keyboard.example.com/cb')
    await tabTo('preset')
    await page.keyboard.type('Read Only')
    await tabTo('create')
    await page.keyboard.press('Enter')
    await page.getByText('Copy the client secret now.').waitFor()
    await close()
  })

  it('loses nothing typed when the session has ended or the server does not answer', async () => {
    const { page, close } = await signedIn()
    await page.goto(`${on.portal.origin}/account/apps/new`)
    await page.getByLabel('App name').fill('Radio')
    await page.getByLabel('Redirect URIs').fill('https://radio.example.com/oauth/callback')
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Create app' }).click()
    await page.getByText('The server did not answer.').waitFor()
    await page.context().setOffline(false)
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Create app' }).click()
    await page.getByText('You are not signed in any more.').waitFor()
    expect(await page.getByLabel('App name').inputValue()).toBe('Radio')
    await close()
  })

  it('loses no other form either', async () => {
    const { page, username, close } = await signedIn()
    const app = await registerApp(username)
    await page.goto(`${on.portal.origin}/account/apps/${app.clientId}/verification`)
    await page.getByLabel('Who you are').fill('A long story')
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Send to staff' }).click()
    await page.getByText('You are not signed in any more.').waitFor()
    expect(await page.getByLabel('Who you are').inputValue()).toBe('A long story')
    await close()
  })
})

describe('the list of apps', () => {
  it('U6 shows names and descriptions as text, whatever is in them', async () => {
    const { page, complaints, username, close } = await signedIn()
    const hostile = [
      '<img src=x onerror=alert(1)>',
      '\u202egnihsihp\u202c Civitai Official',
      'رابط 🎨 ' + '🏳️‍🌈'.repeat(12),
      'W'.repeat(128),
      '{@html 1}{{7*7}}',
    ]
    for (const name of hostile) await registerApp(username, { name })
    await page.goto(`${on.portal.origin}/account`)
    const shown = await page.locator('#apps h3 bdi').allInnerTexts()
    expect(shown.toSorted()).toEqual(hostile.map(shownText).toSorted())
    expect(await page.locator('#apps img').count()).toBe(0)
    expect(await faults(page)).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  it('deletes an app once its name is typed', async () => {
    const { page, username, close } = await signedIn()
    const app = await registerApp(username)
    await page.goto(`${on.portal.origin}/account`)
    await page.getByRole('link', { name: 'Delete Radio' }).click()
    await page.getByRole('heading', { name: 'Delete Radio?' }).waitFor()
    const confirmation = page.getByLabel("Type the app's name to confirm")
    await confirmation.fill('Radi')
    await page.getByRole('button', { name: 'Delete this app' }).click()
    await page.locator('#confirmation-error').waitFor()
    expect(await confirmation.inputValue()).toBe('Radi')
    await confirmation.fill('Radio')
    await page.getByRole('button', { name: 'Delete this app' }).click()
    await page.getByText('No apps yet.').waitFor()
    await page.getByText('Radio is deleted').waitFor()
    expect(await on.portal.provider.admin.findApp(app.clientId)).toBeNull()
    await close()
  })

  it('is paged and searched by address', async () => {
    const { page, username, close } = await signedIn()
    for (let number = 1; number <= 23; number++) await registerApp(username, { name: `App ${number}` })
    await page.goto(`${on.portal.origin}/account`)
    expect(await page.locator('#apps h3').count()).toBe(20)
    await page.getByRole('link', { name: 'Next page' }).click()
    await page.getByRole('heading', { name: 'App 1', exact: true }).waitFor()
    expect(await page.locator('#apps h3').count()).toBe(3)
    await page.getByRole('link', { name: 'First page' }).click()
    await page.getByLabel('Search your apps').fill('App 17')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.waitForURL(/apps=App/)
    expect(await page.locator('#apps h3').allInnerTexts()).toEqual([expect.stringContaining('App 17')])
    await close()
  })
})

describe('keeping an app', () => {
  it('edits it, and shows the second of two editors what the first one saved', async () => {
    const { page, complaints, username, close } = await signedIn()
    const app = await registerApp(username)
    const edit = `${on.portal.origin}/account/apps/${app.clientId}/edit`
    await page.goto(edit)
    await page.getByLabel('Description').fill('Mine, typed slowly')
    const actor = await on.personOf(username)
    const first = await on.portal.provider.apps.edit(actor, app.clientId, app.version, { ...draft, name: 'Theirs' })
    expect(first._tag).toBe('Edited')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('saved by somebody else').waitFor()
    expect(await page.getByRole('alert').first().innerText()).toContain('Theirs')
    expect(await page.getByLabel('Description').inputValue()).toBe('Mine, typed slowly')
    await page.getByRole('button', { name: 'Save mine over theirs' }).click()
    await page.waitForURL(`${on.portal.origin}/account/apps/${app.clientId}`)
    const now = await on.portal.provider.apps.get(actor, app.clientId)
    expect(now?.name).toBe('Radio')
    expect(now?.description).toBe('Mine, typed slowly')
    expect(complaints).toEqual([])
    await close()
  })

  it('prepares a next secret, shows when it was used, and rotates', async () => {
    const { page, complaints, username, close } = await signedIn()
    const app = await registerApp(username)
    await page.goto(`${on.portal.origin}/account/apps/${app.clientId}/secret`)
    await page.getByRole('button', { name: 'Prepare next secret' }).click()
    await page.getByRole('heading', { name: 'The next secret' }).waitFor()
    const next = await page.locator('code').first().innerText()
    await page.getByText('The next secret has not been used yet.').waitFor()
    await page.getByRole('link', { name: 'Radio' }).click()
    await page.getByRole('dialog').getByText('has not been copied').waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Stay here' }).click()
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('button', { name: 'Rotate now' }).click()
    await page.getByText('the prepared secret is the only one now').waitFor()
    expect(await page.content()).not.toContain(next)
    const now = await on.portal.provider.apps.get(await on.personOf(username), app.clientId)
    expect(now?.nextSecret).toBeNull()
    expect(complaints).toEqual([])
    await close()
  })

  it('a posted page that is reloaded does not rotate the secret away that it just showed', async () => {
    const { page, username, close } = await signedIn({ javaScriptEnabled: false })
    const app = await registerApp(username)
    await page.goto(`${on.portal.origin}/account/apps/${app.clientId}/secret`)
    await page.getByRole('button', { name: 'Rotate secret now' }).click()
    await page.getByRole('heading', { name: 'The new secret' }).waitFor()
    const actor = await on.personOf(username)
    const rotated = await on.portal.provider.apps.get(actor, app.clientId)
    await page.reload()
    await page.getByText('Nothing was changed now.').waitFor()
    expect((await on.portal.provider.apps.get(actor, app.clientId))?.currentSecret).toEqual(rotated?.currentSecret)
    await close()
  })
})
