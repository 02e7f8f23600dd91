/** A real Chromium for the portal's stories: one process a file, one context a person. */
import { AxeBuilder } from '@axe-core/playwright'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const find = (): string => {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = [
    process.env.CHROMIUM ?? '',
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
  ]
  const found = candidates.find((path) => path !== '' && existsSync(path))
  if (!found) throw new Error('Install Chromium, or set CHROMIUM to its path, and run the tests again.')
  return found
}

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: find(), args: flags })

export interface Visitor {
  readonly page: Page
  /** What the console complained about: a policy that was broken, a script that threw. */
  readonly complaints: string[]
  close(): Promise<void>
}

/**
 * Filling a field is two steps, focus and typing; scripts that take the page over between the two would lose the typing.
 * So going to a page of the portal ends once its scripts have taken it over. Tests that want to be there before say
 * `waitUntil: 'commit'`.
 */
const goOnceTakenOver = (page: Page): void => {
  const go = page.goto.bind(page)
  page.goto = async (url, options) => {
    const response = await go(url, options)
    if (options?.waitUntil !== 'commit')
      await page.waitForFunction(
        () => document.querySelector('script') === null || document.querySelector('#svelte-announcer') !== null,
      )
    return response
  }
}

/** A person with a browser of their own. */
export const visitor = async (browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> => {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  if (options.javaScriptEnabled !== false) goOnceTakenOver(page)
  const complaints: string[] = []
  page.on('console', (message) => {
    // A refused form is a 4xx of our own making, which Chromium reports as an error.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints, close: () => context.close() }
}

/**
 * What is wrong with the page as it stands: every axe rule wide and light, contrast once more narrow and dark (colours
 * are all that changes), and nothing wider than the screen in either.
 */
export const faults = async (page: Page): Promise<string[]> => {
  const found: string[] = []
  const looks = [
    { colorScheme: 'dark', width: 360, rules: ['color-contrast'] },
    { colorScheme: 'light', width: 1280, rules: null },
  ] as const
  for (const { colorScheme, width, rules } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 800 })
    const look = `${new URL(page.url()).pathname} ${colorScheme} ${width}`
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (wider > 0) found.push(`${look}: ${wider} px wider than the screen`)
    // No frames here, so axe needs no page of its own to gather from them.
    const axe = new AxeBuilder({ page }).setLegacyMode()
    const { violations } = await (rules ? axe.withRules([...rules]) : axe).analyze()
    for (const { id, nodes } of violations) found.push(`${look}: ${id} at ${nodes.map(({ html }) => html).join(' ')}`)
  }
  return found
}
