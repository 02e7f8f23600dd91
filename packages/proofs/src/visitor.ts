/**
 * A person at a demo, in the words of its pages. The same words stand on every demo; what leads to sign in is a link where
 * a server answers it, and a button where a script does.
 */
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import type { Stage, Theatre } from './stage.ts'

export const user = 'ben'

/** One tab. */
export interface Tab {
  readonly page: Page
  /** What went wrong in its console. */
  readonly faults: readonly string[]
  /** A link or a button. */
  press(name: string): Promise<void>
  /** Loads the demo's start page. */
  arrive(stage?: Stage): Promise<void>
  /** Another page of the demo and back, without loading anything anew. */
  goAround(): Promise<void>
  /** Presses the button to sign in; ends where the server asks, or where it need not. */
  leave(): Promise<void>
  authorize(): Promise<void>
  /** From the start page to being signed in, consent included where it is asked for. */
  signIn(): Promise<void>
  seesThemselves(): Promise<void>
  seesWelcome(): Promise<void>
  /** Signed out, on any page. */
  seesSignIn(): Promise<void>
  /** Signed in, on any page. */
  seesSignOut(): Promise<void>
  reads(text: string): Promise<void>
  /** The permissions shown. */
  scopes(): Promise<readonly string[]>
  /** The balance shown. */
  buzz(): Promise<number>
  close(): Promise<void>
}

const welcome = 'One account for everything you make'

const openTab = async (context: BrowserContext, stage: Stage): Promise<Tab> => {
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    const loud = message.type() === 'error' || message.type() === 'warning'
    // An answer above 399 is told by the browser itself, and is what many a story is about.
    if (loud && !message.text().startsWith('Failed to load resource')) faults.push(message.text())
  })
  const control = (name: string): Locator =>
    page.getByRole('link', { name, exact: true }).or(page.getByRole('button', { name, exact: true }))
  const heading = (name: string): Locator => page.getByRole('heading', { name, exact: true })
  const tab: Tab = {
    page,
    faults,
    press: (name) => control(name).click(),
    arrive: async (where = stage) => void (await page.goto(where.origin)),
    goAround: async () => {
      await page.getByRole('link', { name: 'How it works' }).click()
      await heading('How it works').waitFor()
      await page.getByRole('link', { name: /^Demo/ }).click()
      await heading('How it works').waitFor({ state: 'detached' })
    },
    leave: async () => {
      await tab.press('Sign in with Civitai')
      await control('Authorize')
        .or(heading(`Hello, ${user}`))
        .waitFor()
    },
    authorize: async () => {
      await tab.press('Authorize')
      await tab.seesThemselves()
    },
    signIn: async () => {
      await tab.leave()
      if (await control('Authorize').isVisible()) await tab.press('Authorize')
      await tab.seesThemselves()
    },
    seesThemselves: async () => {
      await heading(`Hello, ${user}`).waitFor()
      await control('Sign out').waitFor()
    },
    seesWelcome: async () => {
      await heading(welcome).waitFor()
      await control('Sign in with Civitai').waitFor()
    },
    seesSignIn: () => control('Sign in').waitFor(),
    seesSignOut: () => control('Sign out').waitFor(),
    buzz: async () => {
      const text = await page.getByText(/^[\d,]+ buzz$/).textContent()
      return Number((text ?? '').replaceAll(/\D/g, ''))
    },
    close: () => page.close(),
    reads: (text) => page.getByText(text).first().waitFor(),
    scopes: () => page.getByRole('region', { name: 'What you allowed' }).getByRole('listitem').allTextContents(),
  }
  return tab
}

/** A browser of its own: cookies and storage are nobody else's. */
export interface Visitor {
  readonly context: BrowserContext
  openTab(stage?: Stage): Promise<Tab>
  /** What went wrong in the consoles of all tabs. */
  faults(): readonly string[]
  /** What stands in every tab, for whoever reads why a story did not come out. */
  scene(): Promise<string>
  close(): Promise<void>
}

export interface VisitorOptions {
  readonly javaScript?: boolean
  /** How long to wait for what must come, in milliseconds: as long as a loaded machine may take, for no test is a stopwatch. */
  readonly patience?: number
}

/** Signed in at Civitai already; what was agreed to before is forgotten. */
export const openVisitor = async (
  browser: Browser,
  { issuer, control }: Theatre,
  stage: Stage,
  { javaScript = true, patience = 30_000 }: VisitorOptions = {},
): Promise<Visitor> => {
  await control.revoke(user, stage.clientId)
  const context = await browser.newContext({ javaScriptEnabled: javaScript })
  context.setDefaultTimeout(patience)
  const { name, value } = await control.session(user)
  await context.addCookies([{ name, value, url: issuer }])
  const tabs: Tab[] = []
  const standing = async ({ page }: Tab) => `${page.url()}: ${(await page.locator('body').innerText()).slice(0, 600)}`
  return {
    context,
    openTab: async (where = stage) => {
      const tab = await openTab(context, where)
      tabs.push(tab)
      return tab
    },
    faults: () => tabs.flatMap((tab) => tab.faults),
    scene: async () => (await Promise.all(tabs.map(standing))).join('\n'),
    close: () => context.close(),
  }
}
