/** The sign-in machine, run with Effect: an attempt begun, and an attempt that came back. */
import * as Clock from 'effect/Clock'
import * as Effect from 'effect/Effect'
import type { AuthError } from '../errors.ts'
import { base64url, challengeOf, verifierOf } from '../pkce.ts'
import * as SignIn from '../sign-in.ts'
import { type Interpreter, interpret } from './interpreter.ts'
import { ask, stored } from './policy.ts'
import { AttemptStore, Randomness, TokenEndpoint, UserAgent } from './services.ts'

/** What happens with the tokens of a sign-in; usually the session machine is told. Its failure is the sign-in's. */
export type OnTokens<E = never, R = never> = (tokens: SignIn.Tokens) => Effect.Effect<void, E, R>

/** An interpreter of one attempt. The services are looked up once, here. */
export const signIn = Effect.fnUntraced(function* <E = never, R = never>(
  initial: SignIn.State,
  onTokens: OnTokens<E, R>,
) {
  const endpoint = yield* TokenEndpoint
  const attempts = yield* AttemptStore
  const browser = yield* UserAgent

  const exchange = (callback: SignIn.VerifiedCallback): Effect.Effect<SignIn.Event> =>
    Effect.match(ask('exchange', endpoint.exchange(callback)), {
      onSuccess: (tokens) => ({ _tag: 'Exchanged', tokens }),
      onFailure: (failure) => ({
        _tag: 'ExchangeFailed',
        failure:
          failure._tag === 'ExchangeRefused'
            ? { kind: 'refused', error: failure.detail.error }
            : { kind: 'unavailable', error: 'temporarily_unavailable' },
      }),
    })

  type Failure = E | AuthError<'StoreUnavailable'>
  const carryOut = (command: SignIn.Command): Effect.Effect<SignIn.Event | undefined, Failure, R> => {
    switch (command._tag) {
      case 'KeepAttempt':
        return Effect.as(stored(attempts.keep(command.pending)), undefined)
      case 'Authorize':
        return Effect.as(browser.authorize(command), undefined)
      case 'ExchangeCode':
        return exchange(command.callback)
      case 'SaveTokens':
        return Effect.as(onTokens(command.tokens), undefined)
      case 'DropAttempt':
        return Effect.as(stored(attempts.drop(command.pending)), undefined)
    }
  }
  return yield* interpret<SignIn.State, SignIn.Event, SignIn.Command, Failure, R>(
    SignIn.transition,
    initial,
    carryOut,
    SignIn.questions,
  )
})

export interface Wish {
  readonly scopes: readonly string[]
  /** As registered, character for character. */
  readonly redirectUri: string
  /** A path on our own origin. */
  readonly returnTo: string
  /** No page may be shown. */
  readonly silent?: boolean
}

/** Begins an attempt: fresh state and verifier, kept, and the person on the way to the server. */
export const begin = Effect.fnUntraced(function* (wish: Wish) {
  const random = yield* Randomness
  const { scopes, redirectUri, returnTo, silent = false } = wish
  const state = base64url(yield* random.bytes(32))
  const verifier = verifierOf(yield* random.bytes(32))
  const challenge = yield* Effect.promise(() => challengeOf(verifier, 'S256'))
  const startedAt = yield* Clock.currentTimeMillis
  const machine = yield* signIn(SignIn.idle, () => Effect.void)
  const pending = { state, verifier, redirectUri, returnTo, startedAt, silent }
  return yield* machine.dispatch({ _tag: 'Start', pending, challenge, scopes })
})

/**
 * Takes a callback to its end. `undefined`: this browser has no such attempt, or it was used already. The interpreter is
 * answered too, for whoever wants to watch it.
 */
export const comeBack = Effect.fnUntraced(function* <E = never, R = never>(
  query: SignIn.CallbackQuery,
  expected: SignIn.Expectation,
  onTokens: OnTokens<E, R>,
) {
  const attempts = yield* AttemptStore
  const pending = query.state === undefined ? undefined : yield* stored(attempts.find(query.state))
  if (pending === undefined) return undefined
  const machine: Interpreter<SignIn.State, SignIn.Event, E | AuthError<'StoreUnavailable'>, R> = yield* signIn(
    SignIn.resume(pending),
    onTokens,
  )
  const at = yield* Clock.currentTimeMillis
  return yield* machine.dispatch({ _tag: 'Callback', query, expected, at })
})
