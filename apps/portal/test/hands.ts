/** The ways people use a page: each does the same few things, so that a story is told once and lived three times. */
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'

export interface Hand {
  readonly name: string
  readonly options: BrowserContextOptions
  /** Without scripts the page offers a little less: no Copy button, and ready-made limits to choose from. */
  readonly scripts: boolean
  press(control: Locator): Promise<void>
  write(field: Locator, text: string): Promise<void>
  /** A box or one of a group. */
  tick(box: Locator): Promise<void>
  choose(list: Locator, label: string): Promise<void>
}

const pointer = {
  press: (control: Locator) => control.click(),
  write: async (field: Locator, text: string) => {
    await field.click()
    await field.press('ControlOrMeta+a')
    await field.page().keyboard.type(text)
  },
  tick: (box: Locator) => box.click(),
  choose: async (list: Locator, label: string) => void (await list.selectOption({ label })),
}

const most = 150

/** Presses a key until something is so. */
const until = async (page: Page, key: string, reached: () => Promise<boolean>, what: string): Promise<void> => {
  for (let step = 0; step < most; step++) {
    if (await reached()) return
    await page.keyboard.press(key)
  }
  throw new Error(`${key} never reaches ${what}`)
}

const focused = (one: Locator) => one.evaluate((element) => element === document.activeElement)

const inGroup = (one: Locator) =>
  one.evaluate((element: HTMLInputElement) => {
    const active = document.activeElement
    return active instanceof HTMLInputElement && active.type === 'radio' && active.name === element.name
  })

const reach = async (one: Locator): Promise<void> => {
  await one.waitFor()
  await until(one.page(), 'Tab', () => focused(one), String(one))
}

const keys = {
  press: async (control: Locator) => {
    await reach(control)
    await control.page().keyboard.press('Enter')
  },
  write: async (field: Locator, text: string) => {
    await reach(field)
    await field.page().keyboard.press('ControlOrMeta+a')
    await field.page().keyboard.type(text)
  },
  tick: async (box: Locator) => {
    const page = box.page()
    await box.waitFor()
    if ((await box.getAttribute('type')) === 'radio') {
      await until(page, 'Tab', () => inGroup(box), String(box))
      // An arrow moves on to the next of the group, and so ticks it.
      await until(page, 'ArrowDown', () => focused(box), String(box))
    } else await reach(box)
    if (!(await box.isChecked())) await page.keyboard.press('Space')
  },
  choose: async (list: Locator, label: string) => {
    await reach(list)
    await list.page().keyboard.type(label)
  },
}

export const hands: readonly Hand[] = [
  { name: 'by mouse', options: {}, scripts: true, ...pointer },
  { name: 'by keyboard alone', options: {}, scripts: true, ...keys },
  { name: 'with JavaScript off', options: { javaScriptEnabled: false }, scripts: false, ...pointer },
]
