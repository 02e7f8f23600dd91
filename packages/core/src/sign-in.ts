/**
 * One attempt to sign in, as a machine: start, go to the server, come back, exchange the code. It does nothing itself;
 * every step answers with the commands to carry out. A late or doubled event changes nothing.
 *
 * Source: RFC 6749 section 4.1, RFC 7636, RFC 9207, RFC 9700 section 2.1.
 */
import {
  type CallbackQuery,
  type Expectation,
  type Rejection,
  type VerifiedCallback,
  verifyCallback,
} from './callback.ts'
import { type Step, type Table, transitionOf } from './machine.ts'
import type { Verifier } from './pkce.ts'

export * from './callback.ts'

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
  /** True when no page may be shown (`prompt=none`): a lost session is being restored. */
  readonly silent: boolean
}

/** Tokens as the domain knows them. `expiresAt` is Unix milliseconds. */
export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string | null
  readonly expiresAt: number
  readonly scopes: readonly string[]
  /** An API refused the access token: it is dead, whatever `expiresAt` says. Never saved. */
  readonly dead?: true
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

/** Commands that ask a server and are answered by an event; see `runner.ts`. */
export const questions = ['ExchangeCode'] as const satisfies readonly Command['_tag'][]

export const idle: State = { _tag: 'Idle' }

/** An attempt read back from its cookie. */
export const resume = (pending: Pending): State => ({ _tag: 'AwaitingCallback', pending })

/** The attempt is over: whatever came of it, its cookie goes. */
const over = (state: State & { readonly pending: Pending }, ...commands: Command[]): Step<State, Command> => [
  state,
  [...commands, { _tag: 'DropAttempt', pending: state.pending }],
]

export const table: Table<State, Event, Command> = {
  Idle: {
    Start: (_, { pending, challenge, scopes }) => [
      { _tag: 'AwaitingCallback', pending },
      [
        { _tag: 'KeepAttempt', pending },
        { _tag: 'Authorize', pending, challenge, scopes },
      ],
    ],
  },
  AwaitingCallback: {
    Callback: ({ pending }, { query, expected, at }) => {
      const verified = verifyCallback(query, pending, expected, at)
      if (verified._tag === 'Verified')
        return [{ _tag: 'Exchanging', pending }, [{ _tag: 'ExchangeCode', callback: verified.callback }]]
      // A foreign callback must not use up this browser's own attempt.
      if (verified.rejection === 'StateMismatch') return undefined
      return over({ _tag: 'Rejected', pending, rejection: verified.rejection })
    },
  },
  Exchanging: {
    Exchanged: ({ pending }, { tokens }) => over({ _tag: 'SignedIn', pending, tokens }, { _tag: 'SaveTokens', tokens }),
    ExchangeFailed: ({ pending }, { failure }) => over({ _tag: 'ExchangeFailed', pending, failure }),
  },
  SignedIn: {},
  Rejected: {},
  ExchangeFailed: {},
}

export const transition = transitionOf(table)
