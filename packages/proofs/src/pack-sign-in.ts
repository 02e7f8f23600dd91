/** A person who signs in to a running app: by hand over HTTP, or with Chromium. */
import type { Browser } from 'playwright-core'
import { type RunningEmulator } from './emulator.ts'

/** Calls the emulator's control API. */
export const control = async <Answer>(emulator: RunningEmulator, path: string, body: object): Promise<Answer> => {
  const response = await fetch(`${emulator.ready.control}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Answer
}

/** What a browser would keep and send back to one origin. */
export class Cookies {
  readonly #kept = new Map<string, string>()

  header(): Record<string, string> {
    return this.#kept.size === 0
      ? {}
      : { cookie: [...this.#kept].map(([name, value]) => `${name}=${value}`).join('; ') }
  }

  keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/;\s*max-age=0\b/i.test(line)) this.#kept.delete(name)
      else this.#kept.set(name, value)
    }
  }
}

export interface Visitor {
  /** Goes to a page of the app, as a browser does: redirects are answered, not followed. */
  go(path: string): Promise<Response>
  post(path: string): Promise<Response>
}

export const visitorOf = (origin: string): Visitor => {
  const cookies = new Cookies()
  const send = async (path: string, init: RequestInit) => {
    const response = await fetch(new URL(path, origin), {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', ...cookies.header(), ...(init.headers as Record<string, string>) },
    })
    cookies.keep(response)
    return response
  }
  return {
    go: (path) => send(path, { headers: { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' } }),
    post: (path) =>
      send(path, {
        method: 'POST',
        headers: { origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
      }),
  }
}

/** Starts at `/oauth/sign-in` and comes back through the callback; answers the page's path the person lands on. */
export const signInByHand = async (
  emulator: RunningEmulator,
  visitor: Visitor,
  user: string,
  remember = false,
): Promise<string> => {
  const leaving = await visitor.go('/oauth/sign-in')
  const url = leaving.headers.get('location')
  if (url === null) throw new Error(`Sign-in answered ${leaving.status}: ${await leaving.text()}`)
  const { location } = await control<{ location: string }>(emulator, 'authorize', {
    user,
    url,
    approve: true,
    remember,
  })
  const back = await visitor.go(location)
  const landing = back.headers.get('location')
  if (landing === null) throw new Error(`The callback answered ${back.status}: ${await back.text()}`)
  return new URL(landing, location).pathname
}

/**
 * What a page said that it should not have, after a person signed in and out of it with Chromium. `firstTime`: Ben has not
 * allowed this app yet.
 */
export const signInWithBrowser = async (
  emulator: RunningEmulator,
  browser: Browser,
  origin: string,
  {
    words,
    firstTime,
  }: { readonly words: { readonly signIn: string; readonly signOut: string }; readonly firstTime: boolean },
): Promise<readonly string[]> => {
  const said: string[] = []
  const context = await browser.newContext()
  try {
    context.setDefaultTimeout(20_000)
    const session = await control<{ name: string; value: string }>(emulator, 'sessions', { user: 'ben' })
    await context.addCookies([{ ...session, url: emulator.ready.issuer }])
    const page = await context.newPage()
    page.on('pageerror', (error) => said.push(error.message))
    page.on('console', (message) => {
      // A starter may have no icon yet, and browsers ask for one unasked.
      if (message.location().url.endsWith('/favicon.ico')) return
      if (message.type() === 'error' || message.type() === 'warning') said.push(message.text())
    })
    await page.goto(origin)
    if (firstTime) {
      const leaving = page.waitForRequest((request) => request.url().includes('/authorize?'))
      await page.getByText(words.signIn).click()
      await control(emulator, 'authorize', { user: 'ben', url: (await leaving).url(), approve: true, remember: true })
      await page.goto(origin)
    }
    await page.getByText(words.signIn).click()
    await page.getByText(words.signOut).waitFor()
    await page.getByText('ben').first().waitFor()
    await page.reload()
    await page.getByText(words.signOut).click()
    await page.getByText(words.signIn).waitFor()
    return said
  } finally {
    await context.close()
  }
}
