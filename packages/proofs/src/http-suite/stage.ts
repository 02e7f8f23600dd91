/** Everything a story plays on: the running app, the provider behind it, and people with browsers. */
import type { TestApp, TestServer } from '@civitai-oauth/testing'
import type { Api } from './api.ts'
import { Browser } from './browser.ts'

export interface Stage {
  /** Of the running app. */
  readonly origin: string
  readonly app: TestApp
  readonly server: TestServer
  readonly api: Api
}

export const locationOf = (answer: Response): string => answer.headers.get('location') ?? ''

export const newBrowser = ({ origin }: Stage): Browser => new Browser(origin)

/** Leaves to sign in, and comes back from the provider with the person's yes: the address of the callback. */
export const approved = async (
  { server }: Stage,
  browser: Browser,
  path = '/oauth/sign-in',
  user = 'ben',
): Promise<string> => server.approve(locationOf(await browser.visit(path)), { user, remember: true })

/** A browser of somebody who is signed in. */
export const signedIn = async (stage: Stage, path?: string, user?: string): Promise<Browser> => {
  const browser = newBrowser(stage)
  await browser.visit(await approved(stage, browser, path, user))
  return browser
}

export const sessionOf = async (browser: Browser): Promise<Record<string, unknown>> =>
  (await browser.ask('/oauth/session')).json() as Promise<Record<string, unknown>>

export const statusOf = async (browser: Browser): Promise<unknown> => (await sessionOf(browser))['status']

export const jsonOf = async (answer: Response): Promise<Record<string, unknown>> =>
  (await answer.json()) as Record<string, unknown>

/** The name of the session's cookie, by the jar of somebody who has one. */
export const sessionCookie = ({ jar }: Browser): string => {
  const name = [...jar.keys()].find((one) => /^(__Host-)?civitai-[0-9a-f]{8}(\.0)?$/.test(one))
  if (name === undefined) throw new Error('There is no session cookie.')
  return name
}

/** Time passes, for the app and for the provider. */
export const later = async ({ server, origin }: Stage, seconds: number): Promise<void> => {
  server.advance(seconds)
  await fetch(`${origin}/later?seconds=${seconds}`)
}

/** How often the provider was asked for tokens. */
export const tokenRequests = ({ server }: Stage): number =>
  server.log().filter(({ path }) => path.endsWith('/oauth/token')).length
