/** Every state of the story on every demo, looked at: light and dark, narrow and wide; axe finds nothing. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LookFault, launch, lookAt } from '../src/browser.ts'
import { type Theatre, openTheatre, productions } from '../src/stage.ts'
import { openVisitor } from '../src/visitor.ts'

const timeout = 120_000
const scratch = mkdtempSync(join(tmpdir(), 'civitai-oauth-looks-'))
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

describe.each(productions)('$title', ({ title, start }) => {
  it(
    'passes axe and fits its screen, whatever happens',
    async () => {
      const stage = await start(theatre)
      const visitor = await openVisitor(browser, theatre, stage)
      const tab = await visitor.openTab()
      const faults: LookFault[] = []
      const look = async (state: string) => {
        faults.push(...(await lookAt(tab.page, `${title.toLowerCase().replaceAll(' ', '-')}-${state}`)))
      }
      await tab.arrive()
      await tab.seesWelcome()
      await look('signed-out')
      await tab.leave()
      await tab.press('Deny')
      await tab.reads('You did not authorize the app. Nothing was changed.')
      await look('denied')
      await tab.arrive()
      await tab.signIn()
      await tab.reads('"username": "ben"')
      await look('signed-in')
      await tab.press('How it works')
      await tab.page.getByRole('heading', { name: 'How it works' }).waitFor()
      await look('how')
      await tab.arrive()
      await tab.seesThemselves()
      await tab.press('Make them')
      await tab.page.getByRole('radio', { name: 'No more than' }).check()
      await tab.page.getByLabel('Buzz', { exact: true }).fill('50')
      await tab.press('Authorize')
      await tab.seesThemselves()
      await tab.press('See what it costs')
      await tab.reads('Two pictures cost 40 buzz.')
      await look('cost')
      await tab.press('Make them')
      await tab.reads('On their way')
      await tab.press('Make them')
      await tab.reads('There is not enough buzz')
      await look('limit')
      await theatre.takeDown()
      await tab.goAround()
      await tab.reads('Civitai is busy just now.')
      await look('busy')
      await theatre.bringBack()
      await tab.goAround()
      await tab.reads('"username": "ben"')
      await theatre.control.revoke('ben', stage.clientId)
      await tab.page.reload()
      const again = tab.page.getByRole('link', { name: 'Try again' })
      const ended = tab.page.getByText('Your access ended.')
      await again.or(ended).waitFor()
      if (await again.isVisible()) {
        await look('expired')
        await again.click()
      }
      await ended.waitFor()
      await look('ended')
      await visitor.close()
      await stage.stop()
      expect(faults).toEqual([])
    },
    timeout,
  )
})
