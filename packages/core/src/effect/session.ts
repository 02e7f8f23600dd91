/** The session machine, run with Effect. */
import * as Clock from 'effect/Clock'
import * as Effect from 'effect/Effect'
import { AuthError } from '../errors.ts'
import * as Session from '../session.ts'
import { type Interpreter, interpret } from './interpreter.ts'
import { ask, stored } from './policy.ts'
import { SessionStore, TokenEndpoint, UserAgent } from './services.ts'

/** Begins a new authorization (`begin` of `sign-in.ts`, most often): to restore silently, or to step up. */
export type OnAuthorize<E = never, R = never> = (
  scopes: readonly string[],
  silent: boolean,
) => Effect.Effect<void, E, R>

export interface SessionInterpreter<E, R> extends Interpreter<
  Session.State,
  Session.Event,
  E | AuthError<'StoreUnavailable'>,
  R
> {
  /**
   * An access token that is good now, refreshed if it is due; every caller at the same time shares one refresh. Fails
   * with `NotSignedIn` where there is none to be had.
   */
  readonly accessToken: Effect.Effect<string, E | AuthError<'NotSignedIn'> | AuthError<'StoreUnavailable'>, R>
}

/** An interpreter of the session in the store, or of none. The services are looked up once, here. */
export const session = Effect.fnUntraced(function* <E = never, R = never>(onAuthorize: OnAuthorize<E, R>) {
  const endpoint = yield* TokenEndpoint
  const store = yield* SessionStore
  const browser = yield* UserAgent
  const live = yield* stored(store.load)

  const refresh = (refreshToken: string): Effect.Effect<Session.Event> =>
    Effect.matchEffect(ask('refresh', endpoint.refresh(refreshToken)), {
      onSuccess: (tokens) => Effect.succeed({ _tag: 'Refreshed', refreshToken, tokens }),
      onFailure: (failure): Effect.Effect<Session.Event> =>
        failure._tag === 'RefreshRefused'
          ? Effect.map(Clock.currentTimeMillis, (at) => ({ _tag: 'RefreshRefused', refreshToken, at }))
          : Effect.succeed({ _tag: 'RefreshUnavailable', refreshToken, until: failure.detail.until }),
    })

  // A token that cannot be revoked does not hold up a sign-out: it runs out by itself.
  const revoke = (token: string): Effect.Effect<undefined> =>
    Effect.matchEffect(ask('revoke', endpoint.revoke(token)), {
      onSuccess: () => Effect.undefined,
      onFailure: () =>
        Effect.as(Effect.logWarning('A token could not be revoked and will run out by itself.'), undefined),
    })

  type Failure = E | AuthError<'StoreUnavailable'>
  const carryOut = (command: Session.Command): Effect.Effect<Session.Event | undefined, Failure, R> => {
    switch (command._tag) {
      case 'RefreshTokens':
        return refresh(command.refreshToken)
      case 'SaveSession':
        return Effect.as(stored(store.save(command.live)), undefined)
      case 'ClearSession':
        return Effect.as(stored(store.clear(command.reason)), undefined)
      case 'Authorize':
        return Effect.as(onAuthorize(command.scopes, command.silent), undefined)
      case 'RevokeToken':
        return revoke(command.token)
      case 'TellOtherTabs':
        return Effect.as(browser.tellOtherTabs, undefined)
    }
  }
  const machine = yield* interpret<Session.State, Session.Event, Session.Command, Failure, R>(
    Session.transition,
    live === undefined ? { _tag: 'SignedOut' } : { _tag: 'SignedIn', live },
    carryOut,
    Session.questions,
  )
  const accessToken = Effect.gen(function* () {
    const at = yield* Clock.currentTimeMillis
    const state = yield* machine.dispatch({ _tag: 'Needed', at })
    if ('live' in state) return state.live.tokens.accessToken
    return yield* Effect.fail(new AuthError('NotSignedIn'))
  })
  const interpreter: SessionInterpreter<E, R> = { ...machine, accessToken }
  return interpreter
})
