/**
 * The machines of this package, drawn. The samples below are the few events that reach every cell of every table; a test
 * fails as soon as one is out of reach, and `docs/machines.md` is written from here.
 */
import * as AppLifecycle from './app-lifecycle.ts'
import type { Registration } from './app-registration.ts'
import { type Issued, Secret } from './client-secret.ts'
import { type Edge, edges, undrawn } from './diagram.ts'
import type { Verifier } from './pkce.ts'
import * as Session from './session.ts'
import * as SignIn from './sign-in.ts'

export interface Drawing {
  readonly title: string
  readonly initial: string
  readonly edges: readonly Edge[]
  /** Cells that no sample reaches: none. */
  readonly undrawn: readonly string[]
}

const tokens = (n: number): SignIn.Tokens => ({
  accessToken: `access ${n}`,
  refreshToken: `refresh ${n}`,
  expiresAt: n * 3_600_000,
  scopes: ['UserRead'],
})

const pending: SignIn.Pending = {
  state: 'state',
  verifier: 'verifier' as Verifier,
  redirectUri: 'https://app.example/oauth/callback',
  returnTo: '/',
  startedAt: 0,
  silent: false,
}
const expected: SignIn.Expectation = { issuer: 'https://auth.example', issuerRequired: false }

const signInEvents: readonly SignIn.Event[] = [
  { _tag: 'Start', pending, challenge: 'challenge', scopes: [] },
  { _tag: 'Callback', query: { state: 'state', code: 'code' }, expected, at: 0 },
  { _tag: 'Callback', query: { state: 'state', error: 'access_denied' }, expected, at: 0 },
  { _tag: 'Exchanged', tokens: tokens(1) },
  { _tag: 'ExchangeFailed', failure: { kind: 'unavailable', error: 'temporarily_unavailable' } },
]

const live = (n: number): Session.Live => ({ user: { id: '1', username: 'ada' }, tokens: tokens(n), signedInAt: 0 })
const late = 10 * 3_600_000

const sessionEvents: readonly Session.Event[] = [
  { _tag: 'SignedIn', live: live(1) },
  { _tag: 'Adopted', live: live(2) },
  { _tag: 'Needed', at: late },
  { _tag: 'Rejected', accessToken: 'access 1' },
  { _tag: 'Refreshed', refreshToken: 'refresh 1', tokens: tokens(2) },
  { _tag: 'RefreshRefused', refreshToken: 'refresh 1', at: 0 },
  { _tag: 'RefreshRefused', refreshToken: 'refresh 1', at: late },
  { _tag: 'RefreshUnavailable', refreshToken: 'refresh 1', until: 0 },
  { _tag: 'Navigated', at: 0 },
  { _tag: 'Restored', live: live(1) },
  { _tag: 'RestoreFailed' },
  { _tag: 'RestoreUnavailable', until: 0 },
  { _tag: 'ScopesRequired', scopes: ['BuzzRead'] },
  { _tag: 'SteppedUp', live: live(1) },
  { _tag: 'StepUpAbandoned' },
  { _tag: 'SignOut' },
  { _tag: 'OtherTabSignedOut' },
]

const registration: Registration = { name: 'App', description: '', redirectUris: [], scopes: [], type: 'confidential' }
const issued: Issued = { reveal: new Secret('secret'), kept: { digest: 'digest', issuedAt: 0 } }

const appEvents: readonly AppLifecycle.Event[] = [
  { _tag: 'Register', registration, issued },
  { _tag: 'Edit', version: 1, registration },
  { _tag: 'PrepareSecret', issued },
  { _tag: 'RotateSecret', retires: 0, issued },
  { _tag: 'Verify' },
  { _tag: 'Unverify', unlocked: [] },
  { _tag: 'Delete' },
]

const drawing = (title: string, initial: string, drawn: readonly Edge[], missing: readonly string[]): Drawing => ({
  title,
  initial,
  edges: drawn,
  undrawn: missing,
})

const signIn = edges(SignIn.table, [SignIn.idle], signInEvents)
const session = edges(Session.table, [{ _tag: 'SignedOut' } as Session.State], sessionEvents)
const app = edges(AppLifecycle.table, [AppLifecycle.draft], appEvents)

export const drawings: readonly Drawing[] = [
  drawing('Sign-in', 'Idle', signIn, undrawn(SignIn.table, signIn)),
  drawing('Session', 'SignedOut', session, undrawn(Session.table, session)),
  drawing('App', 'Draft', app, undrawn(AppLifecycle.table, app)),
]
