/** Chromium for the browser stories: one process a file of tests, one context a person. */
import { AxeBuilder } from '@axe-core/playwright'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Browser, type Page, chromium } from 'playwright-core'
import { provide } from './needs.ts'

const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface LaunchOptions {
  /** Pages that are left are kept as they were, for the back button. Playwright switches that off. */
  readonly backForwardCache?: boolean
}

export const launch = async ({ backForwardCache = false }: LaunchOptions = {}): Promise<Browser> => {
  const found = provide('chromium')
  if (found._tag === 'Missing') throw new Error(found.mend)
  const ignoreDefaultArgs = backForwardCache ? ['--disable-back-forward-cache'] : []
  return chromium.launch({ executablePath: found.path, args: flags, ignoreDefaultArgs })
}

const screenshots = resolve(import.meta.dirname, '../screenshots')
const widths = { wide: { width: 1280, height: 800 }, narrow: { width: 360, height: 740 } } as const
const schemes = ['light', 'dark'] as const

/** What is wrong with a page in one of its four looks: empty for a good one. */
export interface LookFault {
  readonly look: string
  readonly fault: string
}

/**
 * Looks at a page as it stands, light and dark, wide and narrow: keeps a picture of each, and checks that axe finds
 * nothing and that nothing is wider than the screen. The page is left wide and light.
 */
export const lookAt = async (page: Page, name: string): Promise<readonly LookFault[]> => {
  mkdirSync(screenshots, { recursive: true })
  const faults: LookFault[] = []
  for (const colorScheme of schemes)
    for (const [width, size] of Object.entries(widths)) {
      const look = `${name}-${width}-${colorScheme}`
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize(size)
      await page.screenshot({ path: join(screenshots, `${look}.png`), fullPage: true })
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (overflow > 0) faults.push({ look, fault: `${overflow}px wider than the screen` })
      // Colours follow the scheme and layout follows the width: two of the four looks hold every kind of both.
      if ((colorScheme === 'light') !== (width === 'wide')) continue
      const { violations } = await new AxeBuilder({ page }).analyze()
      for (const { id, nodes } of violations)
        faults.push({ look, fault: `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}` })
    }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(widths.wide)
  return faults
}
