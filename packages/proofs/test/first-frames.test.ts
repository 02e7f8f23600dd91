/**
 * No page of a demo shows, for one frame, somebody who is not here or nobody where somebody is; and no console says that
 * what the server rendered is not what the browser drew. Told of every frame, of every change of the document, and of
 * pictures of what was painted.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launch } from '../src/browser.ts'
import { type ShownLog, difference, paintedDuring, recordShown } from '../src/frames.ts'
import { type Stage, type Theatre, openTheatre, productions } from '../src/stage.ts'
import { type Tab, type Visitor, openVisitor } from '../src/visitor.ts'

const timeout = 120_000
const scratch = mkdtempSync(join(tmpdir(), 'civitai-oauth-frames-'))
let browser: Browser
let theatre: Theatre

beforeAll(async () => {
  ;[browser, theatre] = await Promise.all([launch({ backForwardCache: true }), openTheatre(scratch)])
}, timeout)

afterAll(async () => {
  await browser?.close()
  await theatre?.close()
  rmSync(scratch, { recursive: true, force: true })
}, timeout)

/** The right end of the header, where each demo says who is here. */
const account = { x: 740, y: 0, width: 480, height: 90 }

/** How much of it a few letters and a thin frame are. */
const different = 0.01

const picture = async (page: Page) => `data:image/png;base64,${(await page.screenshot()).toString('base64')}`

describe.each(productions)('$title', ({ title, start }) => {
  let stage: Stage
  let visitor: Visitor
  let tab: Tab
  let shown: ShownLog

  beforeAll(async () => {
    // React checks itself only in what it builds for development; StrictMode does everything twice there.
    stage = await start(theatre, { development: title === 'React without a server' })
  }, timeout)
  afterAll(() => stage?.stop())

  beforeEach(async () => {
    visitor = await openVisitor(browser, theatre, stage)
    shown = await recordShown(visitor.context, stage.origin)
    tab = await visitor.openTab()
  }, timeout)
  afterEach(async () => {
    expect(visitor.faults()).toEqual([])
    await visitor.close()
  })

  const signedIn = async () => {
    await tab.arrive()
    await tab.signIn()
    shown.take()
  }

  /** Whatever came before, the last is right; and nothing wrong was ever there. */
  const expectOnly = async (right: 'in' | 'out') => {
    await shown.until(right)
    const seen = shown.take()
    expect(new Set(seen)).toEqual(new Set(seen.includes('neither') ? ['neither', right] : [right]))
  }

  it('a first load by nobody shows nobody', { timeout }, async () => {
    await tab.arrive()
    await tab.seesWelcome()
    await expectOnly('out')
  })

  it('a first load by somebody shows them', { timeout }, async () => {
    await signedIn()
    await tab.page.reload()
    await tab.seesThemselves()
    await expectOnly('in')
  })

  it('HTML that is the same for everyone shows neither, then who is here', { timeout }, async () => {
    const html = await (await fetch(`${stage.origin}/how`, { headers: { accept: 'text/html' } })).text()
    expect(html).not.toMatch(/Sign (in|out)\s*</)
    await tab.page.goto(`${stage.origin}/how`)
    await tab.seesSignIn()
    await expectOnly('out')
    await signedIn()
    await tab.page.goto(`${stage.origin}/how`)
    await tab.seesSignOut()
    await expectOnly('in')
  })

  it('a page that is reached without loading it shows them all the time', { timeout }, async () => {
    await signedIn()
    await tab.goAround()
    await tab.seesThemselves()
    await tab.page.goto(`${stage.origin}/how`)
    await tab.seesSignOut()
    await tab.page.getByRole('link', { name: /^Demo/ }).click()
    await tab.seesThemselves()
    await expectOnly('in')
  })

  // The next page tells the others who is here, and Chromium then forgets a page that it kept for the back button.
  it('a page that was left comes back with who is here now', { timeout }, async () => {
    await signedIn()
    await tab.page.goto(`${stage.origin}/how`)
    await tab.seesSignOut()
    await tab.page.goBack()
    await tab.seesThemselves()
    await expectOnly('in')
    await tab.page.goto(`${stage.origin}/how`)
    await tab.seesSignOut()
    const other = await visitor.openTab()
    await other.arrive()
    await other.seesThemselves()
    await other.press('Sign out')
    await other.seesWelcome()
    await tab.seesSignIn()
    await other.close()
    shown.take()
    await tab.page.goBack()
    await tab.seesWelcome()
    await expectOnly('out')
  })

  it('no picture that is painted while a page comes up is one of the other state', { timeout }, async () => {
    await tab.arrive()
    const painted = await paintedDuring(tab.page, async () => {
      await tab.page.reload()
      await tab.seesWelcome()
    })
    const nobody = await picture(tab.page)
    await tab.signIn()
    const somebody = await picture(tab.page)
    const paintedLater = await paintedDuring(tab.page, async () => {
      await tab.page.reload()
      await tab.seesThemselves()
    })
    expect(Math.min(...(await difference(tab.page, [nobody], somebody, account)))).toBeGreaterThan(different)
    expect([painted.length, paintedLater.length].every((pictures) => pictures > 0)).toBe(true)
    expect(Math.min(...(await difference(tab.page, painted, somebody, account)))).toBeGreaterThan(different)
    expect(Math.min(...(await difference(tab.page, paintedLater, nobody, account)))).toBeGreaterThan(different)
  })
})
