/**
 * From a verified callback to a signed-in person: one code exchange, one look at who it is, one call of `onSignIn`. A
 * doubled callback shares the first one's result; an exchange once sent is never sent again.
 */
import type { Live } from '@civitai-oauth/core/session'
import type { ExchangeFailure, VerifiedCallback } from '@civitai-oauth/core/sign-in'
import * as Cache from 'effect/Cache'
import * as Effect from 'effect/Effect'
import { onClock } from './clock.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import type { Settings } from './options.ts'
import { tokensOf } from './token-answer.ts'

export type ExchangeAnswer =
  | { readonly _tag: 'Arrived'; readonly live: Live }
  | { readonly _tag: 'Failed'; readonly failure: ExchangeFailure }

export interface Exchanger {
  /** `requested`: what the attempt asked for, where the server does not say what it granted. */
  exchange(callback: VerifiedCallback, requested: readonly string[]): Effect.Effect<ExchangeAnswer>
}

interface Key {
  readonly callback: VerifiedCallback
  readonly requested: readonly string[]
}

/** How long a doubled callback may be late. */
const graceMs = 60_000

const failed = (kind: ExchangeFailure['kind'], error: string): ExchangeAnswer => ({
  _tag: 'Failed',
  failure: { kind, error },
})
const unavailable = Effect.succeed(failed('unavailable', 'temporarily_unavailable'))

export const createExchanger = (
  server: AuthorizationServer,
  settings: Settings,
  now: () => number,
): Effect.Effect<Exchanger> => {
  const { dialect, onSignIn } = settings
  const lookup = Effect.fnUntraced(function* ({ callback, requested }: Key) {
    const answer = yield* server.exchange(callback)
    if (answer._tag === 'Refused') return failed('refused', answer.error)
    const asked = dialect.scopes.setOf([...dialect.scopes.baseline, ...requested])
    const tokens = tokensOf(answer, asked, null)
    const user = yield* server.userinfo(tokens.accessToken)
    if ('_tag' in user) return failed('refused', user.error)
    if (onSignIn !== undefined) yield* Effect.promise(async () => onSignIn(user))
    return { _tag: 'Arrived', live: { user, tokens, signedInAt: now() } } satisfies ExchangeAnswer
  })
  return Effect.map(
    Cache.makeWith((key: Key) => Effect.catchTag(lookup(key), 'Unavailable', () => unavailable), {
      capacity: 1_000,
      timeToLive: () => graceMs,
    }),
    (cache) => ({ exchange: (callback, requested) => onClock(now)(Cache.get(cache, { callback, requested })) }),
  )
}
