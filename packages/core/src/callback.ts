/**
 * The way back from the server: only a callback that belongs to this browser's attempt is worth a code exchange.
 *
 * Source: RFC 6749 section 4.1.2, RFC 9207, RFC 9700 section 4.7; OpenID Connect Core section 3.1.2.6 for the errors of
 * a request that may show no page.
 */
import type { Verifier } from './pkce.ts'
import type { Pending } from './sign-in.ts'

/** How long an attempt waits for its callback. */
export const attemptLifetimeMs = 15 * 60_000

/** The callback's query, as it came. */
export interface CallbackQuery {
  readonly code?: string
  readonly state?: string
  readonly iss?: string
  readonly error?: string
}

/** A callback that belongs to this browser's attempt. Only `verifyCallback` makes one. */
export interface VerifiedCallback {
  readonly code: string
  readonly verifier: Verifier
  readonly redirectUri: string
  readonly VerifiedCallback: true & { readonly brand: unique symbol }
}

export type Rejection =
  /** The state is not the one this browser was given: another attempt, or somebody else's callback. */
  | 'StateMismatch'
  /** The answer names another server than the one asked, or none where one is always named. */
  | 'IssuerMismatch'
  | 'AttemptExpired'
  /** The person pressed Deny. */
  | 'Denied'
  /** Nothing may be shown, and the server would have to: the session cannot be restored silently. */
  | 'InteractionRequired'
  /** The server answered with another error. */
  | 'ServerRefused'
  | 'CodeMissing'

export type Verification =
  | { readonly _tag: 'Verified'; readonly callback: VerifiedCallback }
  | { readonly _tag: 'Rejected'; readonly rejection: Rejection }

export interface Expectation {
  readonly issuer: string
  /** This server always sends `iss` with a code: its absence is a mismatch. `issuerRequired` of `dialect.ts` knows. */
  readonly issuerRequired: boolean
}

/** What the server's error codes mean here; any other is `ServerRefused`. */
const refusals: { readonly [error: string]: Rejection } = {
  access_denied: 'Denied',
  login_required: 'InteractionRequired',
  consent_required: 'InteractionRequired',
  interaction_required: 'InteractionRequired',
  account_selection_required: 'InteractionRequired',
}

const reasonToReject = (
  query: CallbackQuery,
  pending: Pending,
  expected: Expectation,
  at: number,
): Rejection | undefined => {
  if (query.state !== pending.state) return 'StateMismatch'
  if (query.iss === undefined ? expected.issuerRequired && !query.error : query.iss !== expected.issuer)
    return 'IssuerMismatch'
  if (at - pending.startedAt > attemptLifetimeMs) return 'AttemptExpired'
  if (query.error) return Object.hasOwn(refusals, query.error) ? refusals[query.error] : 'ServerRefused'
  return query.code ? undefined : 'CodeMissing'
}

/** Checks a callback against the attempt it claims to answer. The state first: nothing else is believed before it. */
export const verifyCallback = (
  query: CallbackQuery,
  pending: Pending,
  expected: Expectation,
  at: number,
): Verification => {
  const rejection = reasonToReject(query, pending, expected, at)
  if (rejection) return { _tag: 'Rejected', rejection }
  const { verifier, redirectUri } = pending
  return { _tag: 'Verified', callback: { code: query.code, verifier, redirectUri } as VerifiedCallback }
}
