/** What buttons say and where they lead: the same for every framework, whose adapters only draw them. */
import type { BrowserSession } from './browser/store.ts'
import type { SignInPathRequest } from './routes.ts'

/**
 * `signing-in`: the person pressed the button, and the browser is leaving. `missing`: somebody is signed in, but has not
 * allowed all that the button asks for.
 */
export type SignInState = BrowserSession['status'] | 'signing-in' | 'missing'
export type SignOutState = 'signed-in' | 'signing-out'

/** What is shown for each state, unless the app says something else. `{name}` is the person's username. */
export type Words<State extends string> = Readonly<Record<State, string>>

export const signInWords: Words<SignInState> = {
  unknown: 'Sign in with Civitai',
  'signed-out': 'Sign in with Civitai',
  'signing-in': 'Signing in…',
  missing: 'Allow more',
  'signed-in': 'Signed in as {name}',
  expired: 'Sign in again',
}

export const signOutWords: Words<SignOutState> = { 'signed-in': 'Sign out', 'signing-out': 'Signing out…' }

export const signInState = (
  session: BrowserSession,
  scopes: readonly string[] | undefined,
  leaving: boolean,
): SignInState => {
  if (session.status !== 'signed-in') return leaving ? 'signing-in' : session.status
  const held = new Set(session.scopes)
  if (scopes === undefined || scopes.every((scope) => held.has(scope))) return 'signed-in'
  return leaving ? 'signing-in' : 'missing'
}

/** The words for a state. */
export const wordsFor = <State extends string>(words: Words<State>, state: State, session: BrowserSession): string =>
  words[state].replace('{name}', () => ('user' in session ? session.user.username : ''))

/** Where a sign-in starts: a document, never something that a client-side router fetches. */
export const signInLink = (basePath: string, { returnTo, scopes = [] }: SignInPathRequest = {}): string => {
  const query = new URLSearchParams({
    ...(returnTo !== undefined && { returnTo }),
    ...(scopes.length > 0 && { scopes: scopes.join(' ') }),
  })
  return `${basePath}/sign-in${query.size > 0 ? `?${query}` : ''}`
}

/** What a link says to routers, to those that load ahead, and to crawlers. */
export const signInRel = 'external nofollow'

/** True for a press that leaves this page: not one that opens another tab. */
export const leavesPage = (press: {
  readonly button: number
  readonly metaKey: boolean
  readonly ctrlKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}): boolean => press.button === 0 && !press.metaKey && !press.ctrlKey && !press.shiftKey && !press.altKey

/** A page from the back/forward cache is not leaving any more. */
export const onReturn = (listener: () => void): (() => void) => {
  addEventListener('pageshow', listener)
  return () => removeEventListener('pageshow', listener)
}

/** The page the person is on, where a browser says so. */
export const here = (): string | undefined =>
  typeof location === 'undefined' ? undefined : location.pathname + location.search
