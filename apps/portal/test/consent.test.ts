import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Visitor, faults, launch, visitor } from './browser.ts'
import { type RelyingApp, relyingApp } from './relying-app.ts'
import { type Served, serve } from './serve.ts'

let browser: Browser
let portal: Served
let app: RelyingApp

beforeAll(async () => {
  ;[browser, portal, app] = await Promise.all([launch(), serve(), relyingApp()])
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await portal?.close()
})

const personOf = async (username: string) => {
  const person = await portal.provider.admin.findPerson(username)
  if (!person) throw new Error(`no ${username}`)
  return person
}

let count = 0
const newPerson = async () => {
  const username = `someone${++count}`
  const created = await portal.provider.admin.createPerson({ username, sample: true })
  if (created._tag !== 'Created') throw new Error('taken')
  return created.person
}

const signIn = async (visit: Visitor, username: string) => {
  const cookie = await portal.provider.admin.beginSession(await personOf(username))
  await visit.page.context().addCookies([{ ...cookie, url: portal.origin }])
}

const registerApp = async (
  changes: { name?: string; description?: string; scopes?: readonly string[]; type?: 'public' } = {},
) => {
  const registered = await portal.provider.apps.register(await personOf('ada'), {
    name: 'Radio',
    description: 'Music channels all day long.',
    redirectUris: app.redirectUri,
    scopes: ['UserRead', 'ModelsDelete', 'AIServicesRead', 'AIServicesWrite', 'BuzzRead'],
    type: 'confidential',
    dialect: 'civitai',
    ...changes,
  })
  if (registered._tag !== 'Registered') throw new Error('not registered')
  return registered.app
}

describe('being asked', () => {
  it('says who asks, for what, and where it leads; Authorize ends at the app, which Connected Apps then lists', async () => {
    const { clientId } = await registerApp()
    const person = await newPerson()
    const visit = await visitor(browser)
    const { page, complaints } = visit
    await page.goto(app.begin(portal.origin, clientId, ['ModelsDelete', 'AIServicesWrite', 'BuzzRead', 'VaultRead']))
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
      new URL(app.redirectUri).origin,
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
    const [grant] = await portal.provider.grants.list(person)
    expect(grant?.buzzLimit).toEqual([{ type: 'sliding', limit: 750, unit: 7, window: 'day' }])
    expect(grant?.remembered).toBe(true)

    await page.goto(`${portal.origin}/account`)
    expect(await page.locator('#connected h3').allInnerTexts()).toEqual(['Radio'])
    await page.locator('#connected summary').first().click()
    expect(await page.locator('#connected').innerText()).toContain('Generate, train & scan')
    expect(await faults(page)).toEqual([])
    await page.getByRole('link', { name: 'Remove Radio' }).click()
    await page.getByRole('heading', { name: 'Remove Radio?' }).waitFor()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No app has access to your account.').waitFor()
    expect(await portal.provider.grants.list(person)).toEqual([])
    expect(complaints).toEqual([])
    await visit.close()
  })

  it('U4 marks what is new when the app asks for more, and keeps the limit that stands', async () => {
    const { clientId } = await registerApp()
    const person = await newPerson()
    const visit = await visitor(browser)
    await signIn(visit, person.username)
    const { page } = visit
    await page.goto(app.begin(portal.origin, clientId, ['AIServicesWrite']))
    await page.getByRole('radio', { name: 'No more than' }).check()
    await page.getByLabel('Buzz', { exact: true }).fill('20')
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    // U5: covered and remembered, so nothing is asked.
    await page.goto(app.begin(portal.origin, clientId, ['AIServicesWrite']))
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()

    await page.goto(app.begin(portal.origin, clientId, ['AIServicesWrite', 'BuzzRead']))
    await page.getByText('It asks for more than you allowed before.').waitFor()
    const added = page.locator('dd', { hasText: 'New' })
    expect(await added.count()).toBe(1)
    expect(await added.innerText()).toContain('View buzz balance')
    expect(await page.getByRole('radio', { name: 'As now' }).isChecked()).toBe(true)
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    const [grant] = await portal.provider.grants.list(person)
    expect(grant?.buzzLimit).toEqual([{ type: 'sliding', limit: 20, unit: 24, window: 'hour' }])
    expect(grant?.scopes).toContain('BuzzRead')
    await visit.close()
  })

  it('Deny leads back to the app and grants nothing, also with half a limit typed', async () => {
    const { clientId } = await registerApp()
    const person = await newPerson()
    const visit = await visitor(browser)
    await signIn(visit, person.username)
    const { page } = visit
    await page.goto(app.begin(portal.origin, clientId, ['AIServicesWrite']))
    await page.getByRole('radio', { name: 'No more than' }).check()
    await page.getByLabel('Buzz', { exact: true }).fill('')
    await page.getByText('Write a whole number above 0.').waitFor()
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.getByRole('heading', { name: 'access_denied' }).or(page.getByText('access denied')).first().waitFor()
    expect(await portal.provider.grants.list(person)).toEqual([])
    await visit.close()
  })

  it('works with JavaScript off, the limit among ready-made ones', async () => {
    const { clientId } = await registerApp()
    const person = await newPerson()
    const visit = await visitor(browser, { javaScriptEnabled: false })
    const { page } = visit
    await page.goto(app.begin(portal.origin, clientId, ['AIServicesWrite']))
    await page.getByRole('button', { name: person.username }).click()
    await page.getByRole('combobox', { name: 'Limit' }).selectOption({ label: '1,000 Buzz in 30 days' })
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    const [grant] = await portal.provider.grants.list(person)
    expect(grant?.buzzLimit).toEqual([{ type: 'sliding', limit: 1000, unit: 30, window: 'day' }])
    await page.goto(`${portal.origin}/account`)
    await page.getByRole('link', { name: 'Remove Radio' }).click()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.waitForURL(/\/account/)
    expect(await portal.provider.grants.list(person)).toEqual([])
    await visit.close()
  })

  it('asks for Quaily in Quaily’s words, and ends at the page that shows the code for a terminal', async () => {
    const redirectUri = `${portal.origin}/quaily/oauth/code`
    const registered = await portal.provider.apps.register(await personOf('ada'), {
      name: 'Writer',
      description: 'Posts from your terminal.',
      redirectUris: redirectUri,
      scopes: ['user.full', 'post.write'],
      type: 'public',
      dialect: 'quaily',
    })
    if (registered._tag !== 'Registered') throw new Error('not registered')
    const verifier = 'v'.repeat(43)
    const query = new URLSearchParams({
      client_id: registered.app.clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'user.full post.write',
      state: 'a-state',
      code_challenge: verifier,
      code_challenge_method: 'plain',
    })
    const person = await newPerson()
    const visit = await visitor(browser)
    await signIn(visit, person.username)
    const { page, complaints } = visit
    await page.goto(`${portal.origin}/quaily/oauth/authorize?${query}`)
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
    const { clientId } = await registerApp({ type: 'public' })
    const asked = await portal.provider.fetch(
      new Request(`${portal.origin}/api/auth/oauth/device`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: clientId, scope: '65537' }),
      }),
    )
    const { verification_uri, user_code } = (await asked.json()) as { verification_uri: string; user_code: string }
    const person = await newPerson()
    const visit = await visitor(browser)
    await signIn(visit, person.username)
    const { page } = visit
    await page.goto(verification_uri)
    await page.getByRole('textbox').fill(user_code)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('This signs in another device.').waitFor()
    expect(await page.getByRole('link', { name: 'Switch account' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('heading', { name: 'Your device is signed in' }).waitFor()
    await visit.close()
  })

  it('lets somebody else go on with the same request', async () => {
    const { clientId } = await registerApp()
    const [first, second] = [await newPerson(), await newPerson()]
    const visit = await visitor(browser)
    await signIn(visit, first.username)
    const { page } = visit
    await page.goto(app.begin(portal.origin, clientId, ['BuzzRead']))
    await page.getByRole('link', { name: 'Switch account' }).click()
    await page.getByText(`You are signed in as ${first.username}`).waitFor()
    await page.getByRole('button', { name: second.username, exact: true }).click()
    await page.getByText(`Signed in as ${second.username}`).waitFor()
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    expect(await portal.provider.grants.list(first)).toEqual([])
    expect((await portal.provider.grants.list(second)).length).toBe(1)
    await visit.close()
  })

  it('by keyboard alone: Deny and Authorize are reached, and Enter decides', async () => {
    const { clientId } = await registerApp()
    const person = await newPerson()
    const visit = await visitor(browser)
    await signIn(visit, person.username)
    const { page } = visit
    await page.goto(app.begin(portal.origin, clientId, ['BuzzRead']))
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
    const { clientId } = await registerApp({ name, description })
    const person = await newPerson()
    const visit = await visitor(browser)
    await signIn(visit, person.username)
    const { page, complaints } = visit
    await page.goto(app.begin(portal.origin, clientId, ['BuzzRead']))
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
    const { clientId } = await registerApp()
    const [owner, other] = [await newPerson(), await newPerson()]
    const first = await visitor(browser)
    await signIn(first, owner.username)
    await first.page.goto(app.begin(portal.origin, clientId, ['BuzzRead']))
    await first.page.getByRole('heading', { name: 'Radio wants' }).waitFor()
    const address = first.page.url()

    const second = await visitor(browser)
    await signIn(second, other.username)
    await second.page.goto(address)
    await second.page.getByText('Go back to the app and sign in there once more.').waitFor()
    expect(await second.page.getByRole('main').innerText()).not.toContain('Radio')
    await first.close()
    await second.close()
  })
})

describe('staying in control', () => {
  it('changes a buzz limit later, sees what was spent of it, and takes it away again', async () => {
    const { clientId } = await registerApp()
    const person = await newPerson()
    const visit = await visitor(browser)
    await signIn(visit, person.username)
    const { page, complaints } = visit
    await page.goto(app.begin(portal.origin, clientId, ['AIServicesWrite']))
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.waitForURL(/landed/)
    await page.goto(`${portal.origin}/account`)
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
    expect((await portal.provider.grants.list(person))[0]?.buzzLimit).toBeNull()
    expect(complaints).toEqual([])
    await visit.close()
  })

  it('pages and searches many connected apps', async () => {
    const person = await newPerson()
    const cookie = await portal.provider.admin.beginSession(person)
    for (let number = 1; number <= 23; number++) {
      const { clientId } = await registerApp({ name: `Connected ${number}` })
      await app.connect(portal, clientId, ['BuzzRead'], { cookie: `${cookie.name}=${cookie.value}` })
    }
    const visit = await visitor(browser)
    await signIn(visit, person.username)
    const { page } = visit
    await page.goto(`${portal.origin}/account`)
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
    const { clientId } = await registerApp({ name: 'Checked' })
    const owner = await visitor(browser)
    await signIn(owner, 'ada')
    await owner.page.goto(`${portal.origin}/account/apps/${clientId}`)
    await owner.page.getByRole('link', { name: 'Verification' }).click()
    await owner.page.getByLabel('Links').fill('javascript:alert(1)')
    await owner.page.getByRole('button', { name: 'Send to staff' }).click()
    await owner.page.locator('#note-error').waitFor()
    expect(await owner.page.locator('#links-error').innerText()).toContain('Other schemes are not accepted')
    await owner.page.getByLabel('Who you are').fill('We are a small radio.\n<b>Really</b>')
    await owner.page.getByLabel('Links').fill('https://radio.example.com/about')
    await owner.page.getByRole('button', { name: 'Send to staff' }).click()
    await owner.page.getByText('Waiting for staff').waitFor()

    const desk = await visitor(browser)
    await signIn(desk, 'mod')
    await desk.page.goto(`${portal.origin}/account`)
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
    const person = await newPerson()
    const visit = await visitor(browser)
    await signIn(visit, person.username)
    await visit.page.goto(app.begin(portal.origin, clientId, ['BuzzRead']))
    await visit.page.getByText('Verified', { exact: true }).waitFor()
    expect(await visit.page.getByText('Nobody has verified this app.').count()).toBe(0)
    for (const { complaints } of [owner, desk, visit]) expect(complaints).toEqual([])
    for (const { close } of [owner, desk, visit]) await close()
  })

  it('U9 creates an API key, shown once, and deletes it', async () => {
    const person = await newPerson()
    const visit = await visitor(browser)
    await signIn(visit, person.username)
    const { page, complaints } = visit
    await page.goto(`${portal.origin}/account/keys`)
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
    expect(await portal.provider.apiKeys.list(person)).toEqual([])
    expect(complaints).toEqual([])
    await visit.close()
  })
})

describe('looking back', () => {
  it('shows the owner refusals with their reasons, in a chart, filtered and exported', async () => {
    const { clientId } = await registerApp({ name: 'Looked at', type: 'public' })
    const person = await newPerson()
    const other = await portal.provider.admin.beginSession(await newPerson())
    const cookie = `${other.name}=${other.value}`
    await app.connect(portal, clientId, ['BuzzRead'], { cookie, refreshes: 3 })
    const visit = await visitor(browser)
    await signIn(visit, person.username)
    const { page, complaints } = visit
    for (const decision of ['Deny', 'Authorize']) {
      await page.goto(app.begin(portal.origin, clientId, ['BuzzRead']))
      await page.getByRole('button', { name: decision }).click()
      await page.waitForURL(/landed/)
    }
    await page.goto(`${portal.origin}/account/activity`)
    expect(await page.getByRole('main').innerText()).toContain('Allowed access · Looked at')

    await signIn(visit, 'ada')
    await page.goto(`${portal.origin}/account/apps/${clientId}/activity`)
    const log = page.getByRole('region', { name: 'Audit log' })
    expect(await log.innerText()).toContain('App registered')
    expect(await log.innerText()).toContain('Read profile, settings & email, View buzz balance & history')
    expect(await page.getByRole('img').getAttribute('aria-label')).toContain('1 sign-in, 3 refreshes, 1 refusal')
    await page.getByRole('link', { name: 'Refusals' }).click()
    await page.waitForURL(/show=refusals/)
    expect(await log.locator('li').count()).toBe(1)
    expect(await log.innerText()).toContain('the person pressed Deny')

    const exported = await page.request.get(`${portal.origin}/account/apps/${clientId}/activity/export`)
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
    const { clientId } = await registerApp({ name: 'Short-lived' })
    const person = await newPerson()
    const visit = await visitor(browser)
    await signIn(visit, person.username)
    const { page } = visit
    await page.goto(app.begin(portal.origin, clientId, ['BuzzRead']))
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.waitForURL(/landed/)
    await signIn(visit, 'ada')
    await page.goto(`${portal.origin}/account/apps/${clientId}/delete`)
    await page.getByText('This signs out 1 person').waitFor()
    await page.getByLabel("Type the app's name to confirm").fill('Short-lived')
    await page.getByRole('button', { name: 'Delete this app' }).click()
    await page.getByText('Short-lived is deleted: 1 person signed out').waitFor()
    await page.getByRole('link', { name: 'Its audit log' }).click()
    await page.getByText('This app is deleted. Its log stays.').waitFor()
    expect(await page.getByRole('region', { name: 'Audit log' }).innerText()).toContain('App deleted')
    expect(await portal.provider.grants.list(person)).toEqual([])
    await visit.close()
  })

  it('signs out of every browser at once', async () => {
    const person = await newPerson()
    const [here, there] = [await visitor(browser), await visitor(browser)]
    await signIn(here, person.username)
    await signIn(there, person.username)
    await here.page.goto(`${portal.origin}/account`)
    await here.page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await here.page.waitForURL(`${portal.origin}/`)
    await there.page.goto(`${portal.origin}/account`)
    expect(new URL(there.page.url()).pathname).toBe('/login')
    await here.close()
    await there.close()
  })
})
