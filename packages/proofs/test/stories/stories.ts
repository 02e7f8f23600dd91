/** What happens to a person at a demo, told once for all of them. */
import { expect } from 'vitest'
import type { Control, LogEntry } from '../../src/control.ts'
import type { Stage, Theatre } from '../../src/stage.ts'
import type { Tab, Visitor } from '../../src/visitor.ts'

export interface Scene {
  readonly stage: Stage
  readonly theatre: Theatre
  readonly visitor: Visitor
  /** The first tab, on the demo's start page. */
  readonly tab: Tab
}

export interface Story {
  readonly name: string
  /** Told in a browser that runs no scripts, where a server renders. */
  readonly withoutJavaScript?: true
  tell(scene: Scene): Promise<void>
}

const busy = 'Civitai is busy just now.'
const hour = 3_600

const refreshes = (entries: readonly LogEntry[], clientId: string) =>
  entries.filter(
    ({ path, parameters }) =>
      path.endsWith('/token') &&
      parameters['grant_type'] === 'refresh_token' &&
      (parameters['client_id'] ?? clientId) === clientId,
  )

/** What happens at the token endpoint meanwhile. */
const refreshesDuring = async (control: Control, { clientId }: Stage, act: () => Promise<void>) => {
  const before = refreshes(await control.log(), clientId).length
  await act()
  return refreshes(await control.log(), clientId).slice(before)
}

/** Loads the page anew, as often as it says itself that this helps. */
const comeBack = async ({ page }: Tab) => {
  await page.reload()
  const again = page.getByRole('link', { name: 'Try again' })
  const ended = page.getByText('Your access ended. Sign in again to go on.')
  await again.or(ended).waitFor()
  if (await again.isVisible()) await again.click()
  await ended.waitFor()
}

const allowPictures = async (tab: Tab) => {
  await tab.press('See what it costs')
  await tab.press('Authorize')
  await tab.seesThemselves()
}

const deleteApp = async ({ stage, theatre, visitor }: Scene) => {
  const { name, value } = await theatre.control.session('ada')
  const portal = await visitor.context.browser()?.newContext()
  if (portal === undefined) throw new Error('The browser is gone.')
  await portal.addCookies([{ name, value, url: theatre.issuer }])
  const page = await portal.newPage()
  await page.goto(`${theatre.issuer}/account/apps/${stage.clientId}/delete`)
  await page.getByLabel("Type the app's name to confirm").fill(stage.title)
  await page.getByRole('button', { name: /^Delete/ }).click()
  await page.waitForURL(`${theatre.issuer}/account**`)
  await portal.close()
}

export const stories: readonly Story[] = [
  {
    name: 'signs in, sees who they are and what the API knows, and signs out',
    tell: async ({ tab, stage }) => {
      await tab.seesWelcome()
      await tab.leave()
      await tab.reads(`${stage.title} wants to access your Civitai account`)
      await tab.authorize()
      await tab.reads('ben@example.com')
      await tab.reads('"username": "ben"')
      await tab.reads(' buzz')
      expect(await tab.scopes()).toEqual(['UserRead', 'BuzzRead'])
      await tab.page.locator('aside [aria-current=step]', { hasText: 'SignedIn' }).waitFor()
      expect(tab.page.url()).toBe(`${stage.origin}/`)
      await tab.press('Sign out')
      await tab.seesWelcome()
      await tab.page.locator('aside [aria-current=step]', { hasText: 'SignedOut' }).waitFor()
    },
  },
  {
    name: 'says no, is told that nothing changed, and may think again',
    tell: async ({ tab, stage }) => {
      await tab.leave()
      await tab.press('Deny')
      await tab.reads('You did not authorize the app. Nothing was changed.')
      await tab.page.goto(stage.origin)
      await tab.seesWelcome()
      await tab.signIn()
    },
  },
  {
    name: 'is still signed in when the page is loaded anew',
    tell: async ({ tab, stage }) => {
      await tab.signIn()
      await tab.page.reload()
      await tab.seesThemselves()
      await tab.reads('"username": "ben"')
      expect(tab.page.url()).toBe(`${stage.origin}/`)
    },
  },
  {
    name: 'notices nothing when the access token runs out: it is renewed once',
    tell: async ({ tab, stage, theatre }) => {
      await tab.signIn()
      await theatre.control.advance(hour + 60)
      const renewed = await refreshesDuring(theatre.control, stage, async () => {
        await tab.goAround()
        await tab.seesThemselves()
        await tab.reads('"username": "ben"')
      })
      expect(renewed.map(({ status }) => status)).toEqual([200])
      await tab.page.reload()
      await tab.seesThemselves()
    },
  },
  {
    name: 'is asked for a permission when it is needed, and goes on with it',
    tell: async ({ tab }) => {
      await tab.signIn()
      await tab.press('See what it costs')
      await tab.reads('wants to access your Civitai account')
      await tab.press('Authorize')
      await tab.seesThemselves()
      expect(await tab.scopes()).toEqual(['UserRead', 'AIServicesRead', 'AIServicesWrite', 'BuzzRead'])
      await tab.press('See what it costs')
      await tab.reads('Two pictures cost 40 buzz.')
    },
  },
  {
    name: 'keeps what they had when they refuse a permission',
    tell: async ({ tab, stage }) => {
      await tab.signIn()
      await tab.press('See what it costs')
      await tab.press('Deny')
      await tab.reads('You did not authorize the app. Nothing was changed.')
      await tab.page.goto(stage.origin)
      await tab.seesThemselves()
      expect(await tab.scopes()).toEqual(['UserRead', 'BuzzRead'])
    },
  },
  {
    name: 'spends no more buzz than they allowed, and the app asks once',
    tell: async ({ tab, theatre }) => {
      await tab.signIn()
      await tab.press('Make them')
      await tab.page.getByRole('radio', { name: 'No more than' }).check()
      await tab.page.getByLabel('Buzz', { exact: true }).fill('50')
      await tab.press('Authorize')
      await tab.seesThemselves()
      const had = await tab.buzz()
      await tab.press('Make them')
      await tab.reads('On their way, for 40 buzz.')
      await tab.reads(`${(had - 40).toLocaleString('en')} buzz`)
      const asked = async () =>
        (await theatre.control.log()).filter(({ path }) => path.includes('/v2/consumer/workflows')).length
      const before = await asked()
      await tab.press('Make them')
      await tab.reads('There is not enough buzz for this, or the limit you set for this app is reached.')
      expect((await asked()) - before).toBe(1)
      await tab.seesThemselves()
    },
  },
  {
    name: 'signs in from two tabs at once, and both arrive',
    tell: async ({ tab, visitor }) => {
      const other = await visitor.openTab()
      await other.arrive()
      await tab.leave()
      await other.leave()
      await tab.authorize()
      await other.authorize()
      await tab.seesThemselves()
      const third = await visitor.openTab()
      await third.arrive()
      await third.seesThemselves()
    },
  },
  {
    name: 'signs out in one tab, and the other one knows',
    tell: async ({ tab, visitor }) => {
      await tab.signIn()
      const other = await visitor.openTab()
      await other.arrive()
      await other.seesThemselves()
      await other.press('Sign out')
      await other.seesWelcome()
      await tab.seesWelcome()
      // Nothing that this tab was rendered with earlier brings the session back.
      await tab.goAround()
      await tab.seesWelcome()
    },
  },
  {
    name: 'goes back, and sees what is true now',
    tell: async ({ tab, visitor }) => {
      await tab.signIn()
      // Allowed before: this time nothing is shown between one page and the next.
      const other = await visitor.openTab()
      await other.arrive()
      await other.press('Sign out')
      await other.seesWelcome()
      await other.leave()
      await other.seesThemselves()
      await other.page.goBack()
      await other.seesThemselves()
      await other.press('How it works')
      await other.press('Sign out')
      await other.seesWelcome()
      await other.page.goBack()
      await other.page.getByRole('heading', { name: 'How it works' }).waitFor()
      await other.seesSignIn()
      await other.page.goBack()
      await other.seesWelcome()
    },
  },
  {
    name: 'stays signed in while Civitai is down, and goes on when it is back',
    tell: async ({ tab, theatre }) => {
      await tab.signIn()
      await theatre.takeDown()
      try {
        await tab.goAround()
        await tab.seesThemselves()
        await tab.reads(busy)
      } finally {
        await theatre.bringBack()
      }
      await tab.goAround()
      await tab.seesThemselves()
      await tab.reads('"username": "ben"')
    },
  },
  {
    name: 'takes the consent back, and is told that access ended',
    tell: async ({ tab, stage, theatre }) => {
      await tab.signIn()
      await theatre.control.revoke('ben', stage.clientId)
      await comeBack(tab)
      await tab.seesWelcome()
      await tab.leave()
      await tab.authorize()
    },
  },
  {
    name: 'signs in, allows more and signs out without JavaScript',
    withoutJavaScript: true,
    tell: async ({ tab }) => {
      await tab.leave()
      await tab.authorize()
      await tab.reads('"username": "ben"')
      await tab.page.reload()
      await allowPictures(tab)
      await tab.press('See what it costs')
      await tab.reads('Two pictures cost 40 buzz.')
      await tab.press('Sign out')
      await tab.seesWelcome()
      await tab.leave()
      await tab.press('Sign out')
      await tab.seesWelcome()
    },
  },
  {
    // The last one: afterwards the app is gone.
    name: 'is shown nothing more of theirs when the app is deleted, and still signs out',
    tell: async (scene) => {
      const { tab } = scene
      await tab.signIn()
      await deleteApp(scene)
      await tab.goAround()
      await tab.reads(busy)
      expect(await tab.page.getByText('"username": "ben"').count()).toBe(0)
      await tab.press('Sign out')
      await tab.seesWelcome()
      await tab.press('Sign in with Civitai')
      await tab.page.waitForURL(`${scene.theatre.issuer}/**`)
      await tab.reads('invalid_client')
    },
  },
]
