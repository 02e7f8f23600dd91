/**
 * What a framework says of hydration it says in development, and most of it only there: a developer's console stays
 * silent on a first load, signed in, on a page that is the same for everyone, after navigation and going back. Svelte
 * mends a text without a word: what it would show meanwhile is seen by `first-frames.test.ts`, which runs React's
 * development build, too.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from '../src/browser.ts'
import { type Theatre, openTheatre, productions } from '../src/stage.ts'
import { openVisitor } from '../src/visitor.ts'

const timeout = 180_000
const scratch = mkdtempSync(join(tmpdir(), 'civitai-oauth-development-'))
let browser: Browser
let theatre: Theatre

beforeAll(async () => {
  ;[browser, theatre] = await Promise.all([launch(), openTheatre(scratch)])
}, timeout)

afterAll(async () => {
  await browser?.close()
  await theatre?.close()
  rmSync(scratch, { recursive: true, force: true })
}, timeout)

describe.each(productions.filter(({ rendersOnServer }) => rendersOnServer))('$title', ({ start }) => {
  it('has nothing to say while a person comes, signs in, goes around and leaves', { timeout }, async () => {
    const stage = await start(theatre, { development: true })
    const visitor = await openVisitor(browser, theatre, stage, { patience: 90_000 })
    try {
      const tab = await visitor.openTab()
      await tab.arrive()
      await tab.seesWelcome()
      await tab.signIn()
      await tab.page.reload()
      await tab.seesThemselves()
      await tab.page.goto(`${stage.origin}/how`)
      await tab.seesSignOut()
      await tab.page.goBack()
      await tab.seesThemselves()
      await tab.goAround()
      await tab.seesThemselves()
      await tab.press('Sign out')
      await tab.seesWelcome()
      expect(visitor.faults()).toEqual([])
    } finally {
      await visitor.close()
      await stage.stop()
    }
  })
})
