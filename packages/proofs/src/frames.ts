/**
 * What a person could see while a page comes up: who it says is here, in every frame and after every change of the
 * document, and pictures of the frames that the browser painted.
 */
import type { BrowserContext, Page } from 'playwright-core'

/** Signed in, signed out, neither, or, never to be seen, both. */
export type Shown = 'in' | 'out' | 'neither' | 'both'

/** Runs in the page, before anything of it. */
const record = (): void => {
  const told = globalThis as unknown as { shown(shown: string): void }
  let last = ''
  const look = () => {
    const { body } = document
    if (body === null) return
    const controls = [...body.querySelectorAll('a, button')].map((one) => one.textContent?.trim() ?? '')
    const here = controls.includes('Sign out') || body.querySelector('#hello') !== null
    const gone = controls.some((text) => text.startsWith('Sign in')) || body.querySelector('#welcome') !== null
    const shown = here ? (gone ? 'both' : 'in') : gone ? 'out' : 'neither'
    if (shown !== last) told.shown(shown)
    last = shown
  }
  const frame = () => {
    look()
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })
  addEventListener('pageshow', () => {
    last = ''
    look()
  })
}

export interface ShownLog {
  /** Each change of what was shown since the last call, oldest first. */
  take(): readonly Shown[]
  /** Waits until the last of them is this. */
  until(shown: Shown): Promise<void>
}

/** Of every page of this context whose address starts with `origin`. */
export const recordShown = async (context: BrowserContext, origin: string): Promise<ShownLog> => {
  let seen: Shown[] = []
  let heard = () => {}
  await context.exposeBinding('shown', ({ page }, shown: string) => {
    if (page.url().startsWith(origin)) seen.push(shown as Shown)
    heard()
  })
  await context.addInitScript(record)
  return {
    take: () => {
      const taken = seen
      seen = []
      return taken
    },
    until: (shown) =>
      new Promise((done) => {
        heard = () => {
          if (seen.at(-1) === shown) done()
        }
        heard()
      }),
  }
}

/** Pictures of what Chromium painted while `act` ran, in order, as data URLs. */
export const paintedDuring = async (page: Page, act: () => Promise<void>): Promise<readonly string[]> => {
  const devtools = await page.context().newCDPSession(page)
  const painted: string[] = []
  devtools.on('Page.screencastFrame', ({ data, sessionId }) => {
    painted.push(`data:image/png;base64,${data}`)
    devtools.send('Page.screencastFrameAck', { sessionId }).catch(() => {})
  })
  await devtools.send('Page.startScreencast', { format: 'png', everyNthFrame: 1 })
  await act()
  await devtools.send('Page.stopScreencast')
  await devtools.detach()
  return painted
}

/**
 * How much of a part of each picture differs from the same part of a reference, 0 to 1. The part is given in pixels of
 * the page. `page` only lends its canvas.
 */
export const difference = (
  page: Page,
  pictures: readonly string[],
  reference: string,
  part: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Promise<readonly number[]> =>
  page.evaluate(
    async ({ pictures, reference, part }) => {
      const pixels = async (source: string) => {
        const image = new Image()
        image.src = source
        await image.decode()
        const canvas = new OffscreenCanvas(part.width, part.height)
        const context = canvas.getContext('2d')
        if (context === null) throw new Error('There is no canvas.')
        context.drawImage(image, part.x, part.y, part.width, part.height, 0, 0, part.width, part.height)
        return context.getImageData(0, 0, part.width, part.height).data
      }
      const wanted = await pixels(reference)
      return Promise.all(
        pictures.map(async (picture) => {
          const got = await pixels(picture)
          let differing = 0
          for (let at = 0; at < wanted.length; at += 4) {
            const distance = [0, 1, 2].reduce(
              (sum, channel) => sum + Math.abs((got[at + channel] ?? 0) - (wanted[at + channel] ?? 0)),
              0,
            )
            if (distance > 60) differing++
          }
          return differing / (wanted.length / 4)
        }),
      )
    },
    { pictures, reference, part },
  )
