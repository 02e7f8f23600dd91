/**
 * One attempt to sign in, as a machine: start, go to the server, come back, exchange the code. It does nothing itself;
 * every step answers with the commands to carry out. A late or doubled event changes nothing.
 *
 * Source: RFC 6749 section 4.1, RFC 7636, RFC 9207, RFC 9700 section 2.1.
 */
import type { Verifier } from './pkce.ts'

/** What a browser must bring back for its callback to count. Kept sealed in one cookie per attempt. */
export interface Pending {
  readonly state: string
  readonly verifier: Verifier
  /** Equal, character for character, in the authorize request and the token request. */
  readonly redirectUri: string
  /** Where the person wanted to go: a path on our own origin. */
  readonly returnTo: string
  /** Unix milliseconds. */
  readonly startedAt: number
  /** True when no page may be shown: a lost session is being restored. */
  readonly silent: boolean
}

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
  /** The dialect always sends `iss`: its absence is a mismatch. */
  readonly issuerRequired: boolean
}

const interaction = ['login_required', 'consent_required', 'interaction_required']

/** Checks a callback against the attempt it claims to answer. The state first: nothing else is believed before it. */
export const verifyCallback = (
  query: CallbackQuery,
  pending: Pending,
  expected: Expectation,
  at: number,
): Verification => {
  const reject = (rejection: Rejection): Verification => ({ _tag: 'Rejected', rejection })
  if (query.state !== pending.state) return reject('StateMismatch')
  if (query.iss === undefined ? expected.issuerRequired && !query.error : query.iss !== expected.issuer)
    return reject('IssuerMismatch')
  if (at - pending.startedAt > attemptLifetimeMs) return reject('AttemptExpired')
  if (query.error === 'access_denied') return reject('Denied')
  if (query.error && interaction.includes(query.error)) return reject('InteractionRequired')
  if (query.error) return reject('ServerRefused')
  if (!query.code) return reject('CodeMissing')
  return {
    _tag: 'Verified',
    callback: {
      code: query.code,
      verifier: pending.verifier,
      redirectUri: pending.redirectUri,
    } as VerifiedCallback,
  }
}

/** Tokens as the domain knows them. `expiresAt` is Unix milliseconds. */
export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string | null
  readonly expiresAt: number
  readonly scopes: readonly string[]
}

export type State =
  | { readonly _tag: 'Idle' }
  | { readonly _tag: 'AwaitingCallback'; readonly pending: Pending }
  | { readonly _tag: 'Exchanging'; readonly pending: Pending }
  | { readonly _tag: 'SignedIn'; readonly pending: Pending; readonly tokens: Tokens }
  | { readonly _tag: 'Rejected'; readonly pending: Pending; readonly rejection: Rejection }
  | { readonly _tag: 'ExchangeFailed'; readonly pending: Pending; readonly failure: ExchangeFailure }

/** `refused`: the server said no, with its error code. `unavailable`: no answer that counts. Neither is retried. */
export interface ExchangeFailure {
  readonly kind: 'refused' | 'unavailable'
  readonly error: string
}

export type Event =
  | {
      readonly _tag: 'Start'
      readonly pending: Pending
      readonly challenge: string
      readonly scopes: readonly string[]
    }
  | { readonly _tag: 'Callback'; readonly query: CallbackQuery; readonly expected: Expectation; readonly at: number }
  | { readonly _tag: 'Exchanged'; readonly tokens: Tokens }
  | { readonly _tag: 'ExchangeFailed'; readonly failure: ExchangeFailure }

export type Command =
  | { readonly _tag: 'KeepAttempt'; readonly pending: Pending }
  | {
      readonly _tag: 'Authorize'
      readonly pending: Pending
      readonly challenge: string
      readonly scopes: readonly string[]
    }
  | { readonly _tag: 'ExchangeCode'; readonly callback: VerifiedCallback }
  | { readonly _tag: 'SaveTokens'; readonly tokens: Tokens }
  | { readonly _tag: 'DropAttempt'; readonly pending: Pending }

export const idle: State = { _tag: 'Idle' }

/** An attempt read back from its cookie. */
export const resume = (pending: Pending): State => ({ _tag: 'AwaitingCallback', pending })

export const transition = (state: State, event: Event): readonly [State, readonly Command[]] => {
  switch (event._tag) {
    case 'Start': {
      if (state._tag !== 'Idle') break
      const { pending, challenge, scopes } = event
      return [
        { _tag: 'AwaitingCallback', pending },
        [
          { _tag: 'KeepAttempt', pending },
          { _tag: 'Authorize', pending, challenge, scopes },
        ],
      ]
    }
    case 'Callback': {
      if (state._tag !== 'AwaitingCallback') break
      const { pending } = state
      const verified = verifyCallback(event.query, pending, event.expected, event.at)
      if (verified._tag === 'Verified')
        return [{ _tag: 'Exchanging', pending }, [{ _tag: 'ExchangeCode', callback: verified.callback }]]
      // A foreign callback must not use up this browser's own attempt.
      if (verified.rejection === 'StateMismatch') break
      return [{ _tag: 'Rejected', pending, rejection: verified.rejection }, [{ _tag: 'DropAttempt', pending }]]
    }
    case 'Exchanged': {
      if (state._tag !== 'Exchanging') break
      const { pending } = state
      return [
        { _tag: 'SignedIn', pending, tokens: event.tokens },
        [
          { _tag: 'SaveTokens', tokens: event.tokens },
          { _tag: 'DropAttempt', pending },
        ],
      ]
    }
    case 'ExchangeFailed': {
      if (state._tag !== 'Exchanging') break
      const { pending } = state
      return [{ _tag: 'ExchangeFailed', pending, failure: event.failure }, [{ _tag: 'DropAttempt', pending }]]
    }
  }
  return [state, []]
}
