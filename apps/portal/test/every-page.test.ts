import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Visitor } from './browser.ts'
import { faultsOf, moving } from './looks.ts'
import { type Stage, quailyAddress, stage } from './stage.ts'

let on: Stage
/** One browser for each who looks: nobody, the owner of apps, somebody with none, staff. */
const as: Record<string, Visitor> = {}
const ids: Record<'app' | 'fresh' | 'asking' | 'gone' | 'public' | 'quaily', string> = {
  app: '',
  fresh: '',
  asking: '',
  gone: '',
  public: '',
  quaily: '',
}

/** As long as names may be, with nowhere to break; markup; and marks that turn text around. */
const long = 'W'.repeat(128)
const hostile = '<b>Radio</b> \u202e🎨 مرحبا\u2066'

beforeAll(async () => {
  on = await stage()
  const { apps, apiKeys, accounts, staff } = on.portal.provider
  const [owner, other, mod] = [await on.personOf('ada'), await on.personOf('ben'), await on.personOf('mod')]
  ids.app = await on.register(owner, { name: long, description: hostile })
  ids.fresh = await on.register(owner, { name: hostile })
  ids.asking = await on.register(owner, { name: 'Asking' })
  ids.gone = await on.register(owner, { name: 'Gone' })
  ids.public = await on.register(owner, { name: 'Public', type: 'public' })
  ids.quaily = await on.register(owner, {
    name: 'Writer',
    dialect: 'quaily',
    type: 'public',
    scopes: ['user.full', 'post.write'],
    redirectUris: `${on.portal.origin}/quaily/oauth/code`,
  })
  await apps.prepareSecret(owner, ids.app)
  const links = ['https://radio.example.com/about']
  for (const id of [ids.app, ids.asking]) await apps.askForVerification(owner, id, { note: hostile, links })
  await staff.verify(mod, ids.app, true, hostile)
  await on.connect(owner, ids.app, ['AIServicesWrite'])
  await on.connect(owner, ids.public, ['BuzzRead'], 2)
  const limit = [{ type: 'sliding', limit: 500, unit: 7, window: 'day' }]
  await on.portal.provider.grants.setBuzzLimit(owner, ids.app, limit)
  await on.connect(other, ids.gone, ['BuzzRead'])
  await apps.delete(owner, ids.gone)
  await apiKeys.create(owner, hostile)
  await accounts.signUp(
    { email: 'x@example.com', username: long.slice(0, 24), password: 'long enough', address: '' },
    null,
  )
  as.nobody = await on.visit(null)
  as.owner = await on.visit(owner)
  as.other = await on.visit(other)
  as.staff = await on.visit(mod)
})
afterAll(() => on?.close())

interface Look {
  readonly page: string
  readonly by?: 'nobody' | 'owner' | 'other' | 'staff'
  /** The address, once there is a portal. */
  readonly at: () => string | Promise<string>
  /** What is done there first. */
  readonly after?: (page: Page) => Promise<void>
  /** What says that it is the page meant. */
  readonly shows: string | RegExp
}

const press = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).click()
const app = (id: keyof typeof ids, rest = '') => `/account/apps/${ids[id]}${rest}`
const begin = (id: keyof typeof ids, scopes: readonly string[]) => on.app.begin(on.portal.origin, ids[id], scopes)
const device = async (path: (of: { page: string; code: string }) => string) => path(await on.beginDevice(ids.public))
const withCode = ({ page, code }: { page: string; code: string }) => `${page}?user_code=${code}`

const pages: readonly Look[] = [
  { page: 'the start, for a stranger', by: 'nobody', at: () => '/', shows: 'Let people bring' },
  { page: 'the start, signed in', at: () => '/', shows: 'Go to your account' },
  { page: 'sign-in with sample people', by: 'nobody', at: () => '/login', shows: 'Sample people' },
  { page: 'sign-in by email', by: 'nobody', at: () => '/login?with=email', shows: 'New here?' },
  {
    page: 'sign-in gone wrong',
    by: 'nobody',
    at: () => '/login?with=email',
    after: press('Sign in'),
    shows: 'do not belong together',
  },
  { page: 'sign-up', by: 'nobody', at: () => '/login?with=sign-up', shows: 'What apps and other people see.' },
  {
    page: 'sign-up gone wrong',
    by: 'nobody',
    at: () => '/login?with=sign-up',
    after: press('Create an account'),
    shows: /Username/,
  },
  { page: 'sign-in, signed in already', at: () => '/login', shows: 'You are signed in as' },
  { page: 'sign-in once more', at: () => '/login?prompt=login', shows: 'asks you to sign in once more' },
  { page: 'the account', at: () => '/account', shows: 'At most 500 buzz' },
  { page: 'the account, empty', by: 'staff', at: () => '/account', shows: 'No apps yet.' },
  { page: 'the account after a deletion', at: () => `/account?deleted=${ids.gone}`, shows: 'Its audit log' },
  { page: 'a search in vain', at: () => '/account?apps=nothing', shows: 'None of your apps' },
  { page: 'the app form', at: () => '/account/apps/new', shows: 'What people will see' },
  {
    page: 'the app form gone wrong',
    at: () => '/account/apps/new',
    after: press('Create app'),
    shows: 'Give the app a name',
  },
  {
    page: 'the app form for Quaily',
    at: () => '/account/apps/new?dialect=quaily',
    shows: 'Only for apps that staff trust',
  },
  {
    page: 'the secret, shown once',
    by: 'other',
    at: () => '/account/apps/new',
    after: async (page) => {
      await page.getByLabel('App name').fill(long)
      await page.getByLabel('Redirect URIs').fill('https://radio.example.com/cb')
      await press('Create app')(page)
    },
    shows: 'Copy the client secret now.',
  },
  { page: 'an app', at: () => app('app'), shows: 'Redirect URIs' },
  { page: 'an app of Quaily', at: () => app('quaily'), shows: 'Redirect URIs' },
  { page: 'editing', at: () => app('app', '/edit'), shows: 'Edit OAuth app' },
  {
    page: 'editing, second',
    at: () => app('fresh', '/edit'),
    after: async (page) => {
      const owner = await on.personOf('ada')
      const now = await on.portal.provider.apps.get(owner, ids.fresh)
      if (!now) throw new Error('gone')
      const { allowedScopes: scopes, redirectUris, ...same } = now
      const theirs = { ...same, scopes, redirectUris: redirectUris.join('\n'), description: `${hostile} theirs` }
      await on.portal.provider.apps.edit(owner, ids.fresh, now.version, theirs)
      await press('Save changes')(page)
    },
    shows: 'saved by somebody else',
  },
  { page: 'secrets', at: () => app('asking', '/secret'), shows: 'Rotate without a gap' },
  {
    page: 'a next secret, shown once',
    at: () => app('fresh', '/secret'),
    after: press('Prepare next secret'),
    shows: 'Copy it now.',
  },
  { page: 'rotating', at: () => app('app', '/secret'), shows: 'Rotate now' },
  { page: 'deleting', at: () => app('app', '/delete'), shows: 'It cannot be undone.' },
  {
    page: 'deleting gone wrong',
    at: () => app('app', '/delete'),
    after: press('Delete this app'),
    shows: 'neither the name',
  },
  { page: 'verification, before', at: () => app('fresh', '/verification'), shows: 'Ask for verification' },
  {
    page: 'verification gone wrong',
    at: () => app('fresh', '/verification'),
    after: press('Send to staff'),
    shows: 'Say who you are',
  },
  { page: 'verification, waiting', at: () => app('asking', '/verification'), shows: 'Waiting for staff' },
  { page: 'verification, done', at: () => app('app', '/verification'), shows: 'Staff wrote' },
  { page: 'activity', at: () => app('app', '/activity'), shows: 'Allowed access' },
  { page: 'activity, filtered', at: () => app('app', '/activity?show=refusals'), shows: 'Nothing of this kind' },
  { page: 'activity of an app that is gone', at: () => app('gone', '/activity'), shows: 'This app is deleted.' },
  { page: 'one’s own activity', at: () => '/account/activity', shows: 'Your activity' },
  {
    page: 'removing a connected app',
    at: () => `/account/connected/${ids.app}`,
    shows: 'It will no longer be able to',
  },
  { page: 'a buzz limit', at: () => `/account/connected/${ids.app}/limit`, shows: 'The app is not told its limit.' },
  { page: 'API keys', at: () => '/account/keys', shows: 'Ends in' },
  { page: 'API keys gone wrong', at: () => '/account/keys', after: press('Create key'), shows: /name/ },
  {
    page: 'an API key, shown once',
    at: () => '/account/keys',
    after: async (page) => {
      await page.getByLabel('Name').fill(long.slice(0, 40))
      await press('Create key')(page)
    },
    shows: 'Copy it now.',
  },
  { page: 'the staff desk', by: 'staff', at: () => '/staff', shows: 'Waiting since' },
  { page: 'a search by staff', by: 'staff', at: () => '/staff?q=ada', shows: 'By ada' },
  { page: 'an app before staff', by: 'staff', at: () => `/staff/apps/${ids.asking}`, shows: 'Decline' },
  { page: 'an app of Quaily before staff', by: 'staff', at: () => `/staff/apps/${ids.quaily}`, shows: 'Trust' },
  {
    page: 'a decision without a reason',
    by: 'staff',
    at: () => `/staff/apps/${ids.app}`,
    after: press('Withdraw verification'),
    shows: 'Give a reason',
  },
  {
    page: 'consent',
    by: 'other',
    at: () => begin('fresh', ['ModelsDelete', 'AIServicesWrite', 'VaultRead']),
    shows: 'will not get',
  },
  { page: 'consent to a verified app', by: 'other', at: () => begin('app', ['BuzzRead']), shows: 'Verified' },
  {
    page: 'consent to more, with a limit that stands',
    at: () => begin('app', ['AIServicesWrite', 'BuzzRead']),
    shows: 'It asks for more',
  },
  {
    page: 'consent for Quaily',
    by: 'other',
    at: () => quailyAddress(on.portal.origin, ids.quaily, 'user.full post.write'),
    shows: 'Quaily account',
  },
  {
    page: 'a code for a terminal',
    by: 'other',
    at: () => quailyAddress(on.portal.origin, ids.quaily, 'user.full'),
    after: press('Authorize'),
    shows: 'Copy this into your terminal',
  },
  {
    page: 'a device’s code',
    by: 'other',
    at: () => device(({ page }) => page),
    shows: 'The code that your device shows',
  },
  {
    page: 'a device’s code, mistyped',
    by: 'other',
    at: () => device(({ page }) => `${page}?user_code=WRONG`),
    shows: 'unknown or has run out',
  },
  { page: 'consent for a device', by: 'other', at: () => device(withCode), shows: 'This signs in another device.' },
  {
    page: 'a device signed in',
    by: 'other',
    at: () => device(withCode),
    after: press('Authorize'),
    shows: 'Your device is signed in',
  },
  {
    page: 'a device refused',
    by: 'other',
    at: () => device(withCode),
    after: press('Deny'),
    shows: 'Your device was not signed in',
  },
  { page: 'a request that is gone', at: () => '/oauth/consent?request=unknown', shows: 'Go back to the app' },
  {
    page: 'a request nobody can answer',
    at: () => '/api/auth/oauth/authorize?client_id=unknown',
    shows: 'invalid_client',
  },
  { page: 'an address with nothing', at: () => '/nowhere', shows: 'Nothing here' },
  { page: 'a page for others', at: () => '/staff', shows: 'Not for this account' },
]

const open = async ({ by = 'owner', at, after, shows }: Look): Promise<Page> => {
  const { page } = as[by] as Visitor
  const address = await at()
  await page.goto(new URL(address, on.portal.origin).href)
  await after?.(page)
  await page.getByText(shows).filter({ visible: true }).first().waitFor()
  // The one kind of control that scripts add.
  await page.waitForFunction(
    () => document.querySelectorAll('.copy').length === document.querySelectorAll('.copy button').length,
  )
  return page
}

describe('every page, in the light and the dark, at every size, with large text, without motion, by Tab', () => {
  it.each(pages)('$page', async (look) => {
    expect(await faultsOf(await open(look))).toEqual([])
  })

  it('and none broke a policy or threw', () => {
    expect(Object.values(as).flatMap(({ complaints }) => complaints)).toEqual([])
  })

  it('moves a little for those who do not mind', async () => {
    const page = await open({ page: 'sign-in', by: 'nobody', at: () => '/login?with=email', shows: 'New here?' })
    expect((await moving(page, 'no-preference')).join(' ')).toMatch(/BUTTON::before \S*turn/)
  })
})

describe('a form that came after its session had ended', () => {
  it('shows what was typed without JavaScript too, and takes it once somebody has signed in again', async () => {
    const owner = await on.newPerson()
    const id = await on.register(owner)
    const visit = await on.visit(owner, { javaScriptEnabled: false })
    const { page } = visit
    await page.goto(`${on.portal.origin}/account/apps/${id}/verification`)
    await page.getByLabel('Who you are').fill('A long story <b>')
    await page.context().clearCookies()
    await press('Send to staff')(page)
    await page.getByRole('heading', { name: 'You are not signed in any more' }).waitFor()
    expect(await page.getByLabel('Who you are').inputValue()).toBe('A long story <b>')
    await on.signIn(visit, owner)
    await press('Send again')(page)
    await page.getByText('Waiting for staff').waitFor()
    expect((await on.portal.provider.apps.verification(owner, id))?.note).toBe('A long story <b>')
    await visit.close()
  })
})

describe('a page of another site', () => {
  it('U2 gets nothing of ours into a frame', async () => {
    const { page, close } = await on.visit(await on.personOf('ada'))
    // The loopback address is another site than the name.
    await page.route('http://127.0.0.1/', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<iframe src="${begin('fresh', ['BuzzRead'])}"></iframe>` }),
    )
    await page.goto('http://127.0.0.1/')
    await page.locator('iframe').waitFor()
    const shown = await page
      .frames()[1]
      ?.evaluate(() => document.body.innerText)
      .catch(() => '')
    expect(shown ?? '').not.toMatch(/Authorize|Sign in/)
    await close()
  })
})
