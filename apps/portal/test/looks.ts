/** How a page may be looked at, and what can be wrong with it then. Each answers with the faults it finds. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** Every axe rule, in the light and in the dark. No frames here, so axe needs no page of its own to gather from them. */
const accessible = async (page: Page): Promise<string[]> => {
  const found: string[] = []
  for (const [colorScheme, width] of [
    ['dark', 360],
    ['light', 1280],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 800 })
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
    for (const { id, nodes } of violations)
      found.push(`${colorScheme} at ${width} px: ${id} at ${nodes.map(({ html }) => html).join(' ')}`)
  }
  return found
}

const sizes: readonly (readonly [width: number, text: string])[] = [
  [360, '100%'],
  [768, '100%'],
  [1280, '100%'],
  [1920, '100%'],
  [1280, '200%'],
  [720, '200%'],
  [360, '200%'],
]

/** Nothing wider than the screen, and no words cut off by their own box. */
const fitting = async (page: Page): Promise<string[]> => {
  const found: string[] = []
  for (const [width, text] of sizes) {
    await page.setViewportSize({ width, height: 800 })
    const wrong = await page.evaluate((size) => {
      document.documentElement.style.fontSize = size
      const cutOff = [...document.querySelectorAll<HTMLElement>('button, .button, .badge, h1, h2, h3, p, label, code')]
        .filter((one) => one.checkVisibility() && !one.closest('.for-readers') && one.clientWidth > 0)
        .filter((one) => getComputedStyle(one).overflowX === 'visible' && one.scrollWidth > one.clientWidth + 1)
        .map((one) => `${one.tagName} ${one.textContent?.trim().slice(0, 40)} is wider than its box`)
      const wider = document.documentElement.scrollWidth - window.innerWidth
      return wider > 0 ? [`${wider} px wider than the screen`, ...cutOff] : cutOff
    }, text)
    found.push(...wrong.map((one) => `at ${width} px, text ${text}: ${one}`))
  }
  await page.evaluate(() => (document.documentElement.style.fontSize = ''))
  return found
}

/** What moves, or would on hover, focus or while a form is sent, for somebody who wants it or does not. */
export const moving = async (page: Page, reducedMotion: 'reduce' | 'no-preference'): Promise<string[]> => {
  await page.emulateMedia({ reducedMotion })
  return page.evaluate(() => {
    const found = new Set<string>()
    for (const one of document.querySelectorAll<HTMLElement>('body, body *')) {
      const busy = one.matches('button')
      if (busy) one.setAttribute('aria-busy', 'true')
      for (const part of [undefined, '::before', '::after']) {
        const { animationName, transitionDuration } = getComputedStyle(one, part)
        const still = animationName === 'none' && transitionDuration.split(', ').every((time) => time === '0s')
        if (!still) found.add(`${one.tagName}${part ?? ''} ${animationName} ${transitionDuration}`)
      }
      if (busy) one.removeAttribute('aria-busy')
    }
    return [...found]
  })
}

const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'

/** Tab reaches every control, in the order of the page, and shows where it is. */
const reachable = async (page: Page): Promise<string[]> => {
  const wanted = await page.evaluate((all) => {
    ;(document.activeElement as HTMLElement | null)?.blur()
    const top = document.createElement('span')
    top.tabIndex = -1
    document.body.prepend(top)
    top.focus()
    top.remove()
    const unticked = (one: Element) => one instanceof HTMLInputElement && one.type === 'radio' && !one.checked
    return [...document.querySelectorAll<HTMLElement>(all)]
      .filter((one) => !one.matches(':disabled') && !unticked(one) && one.checkVisibility())
      .map((one, place) => one.setAttribute('data-place', String(place))).length
  }, controls)
  const found: string[] = []
  for (let place = 0; place < wanted; place++) {
    await page.keyboard.press('Tab')
    const [at, seen, html] = await page.evaluate(() => {
      const one = document.activeElement as HTMLElement
      const outlined = getComputedStyle(one).outlineStyle !== 'none'
      return [one.getAttribute('data-place'), outlined, one.outerHTML.slice(0, 120)] as const
    })
    if (at !== String(place)) return [...found, `Tab ${place + 1} is at ${html}`]
    if (!seen) found.push(`no one sees the focus at ${html}`)
  }
  return found
}

export const faultsOf = async (page: Page): Promise<string[]> => [
  ...(await accessible(page)),
  ...(await fitting(page)),
  ...(await moving(page, 'reduce')),
  ...(await reachable(page)),
]
