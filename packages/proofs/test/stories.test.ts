/** The same stories on every demo, one after another in one Chromium, each person in a browser of their own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from '../src/browser.ts'
import { type Stage, type Theatre, openTheatre, productions } from '../src/stage.ts'
import { openVisitor } from '../src/visitor.ts'
import { type Story, stories } from './stories/stories.ts'

const timeout = 120_000
const scratch = mkdtempSync(join(tmpdir(), 'civitai-oauth-stories-'))
let browser: Browser
let theatre: Theatre
const stages = new Map<string, Stage>()

beforeAll(async () => {
  ;[browser, theatre] = await Promise.all([launch(), openTheatre(scratch)])
  await Promise.all(
    productions.map(async (production) => stages.set(production.title, await production.start(theatre))),
  )
}, timeout)

afterAll(async () => {
  await browser?.close()
  await Promise.all([...stages.values()].map((stage) => stage.stop()))
  await theatre?.close()
  rmSync(scratch, { recursive: true, force: true })
}, timeout)

const stageOf = (title: string): Stage => {
  const stage = stages.get(title)
  if (stage === undefined) throw new Error(`${title} did not start.`)
  return stage
}

const tell = async (story: Story, stage: Stage): Promise<void> => {
  const visitor = await openVisitor(browser, theatre, stage, { javaScript: !story.withoutJavaScript })
  try {
    const tab = await visitor.openTab()
    await tab.arrive()
    await story.tell({ stage, theatre, visitor, tab })
    expect(visitor.faults()).toEqual([])
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${await visitor.scene()}`, { cause: error })
  } finally {
    await visitor.close()
  }
}

describe('a person', () => {
  it(
    'is signed in to all demos side by side, and signs out of one alone',
    async () => {
      const all = productions.map(({ title }) => stageOf(title))
      const [first, ...others] = all
      if (first === undefined) throw new Error('There is no demo.')
      const visitor = await openVisitor(browser, theatre, first)
      for (const stage of others) await theatre.control.revoke('ben', stage.clientId)
      const tab = await visitor.openTab()
      for (const stage of all) {
        await tab.arrive(stage)
        await tab.signIn()
      }
      for (const stage of all) {
        await tab.arrive(stage)
        await tab.seesThemselves()
      }
      await tab.arrive(first)
      await tab.press('Sign out')
      await tab.seesWelcome()
      for (const stage of others) {
        await tab.arrive(stage)
        await tab.seesThemselves()
      }
      expect(visitor.faults()).toEqual([])
      await visitor.close()
    },
    timeout,
  )
})

describe.each(productions)('a person at $title', ({ title, rendersOnServer }) => {
  const told = stories.filter((story) => rendersOnServer || !story.withoutJavaScript)
  it.each(told)('$name', (story) => tell(story, stageOf(title)), timeout)
})
