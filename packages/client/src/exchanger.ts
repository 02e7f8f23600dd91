/**
 * From a verified callback to a signed-in person: one code exchange, one look at who it is, one call of `onSignIn`. A
 * doubled callback shares the first one's result; an exchange once sent is never sent again. Tokens that come to nothing
 * after it are revoked: nobody holds them.
 */
import type { Live } from '@civitai-oauth/core/session'
import type { ExchangeFailure, Tokens, VerifiedCallback } from '@civitai-oauth/core/sign-in'
import * as Cache from 'effect/Cache'
import * as Effect from 'effect/Effect'
import { onClock } from './clock.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { heldUp } from './hold.ts'
import type { Settings } from './options.ts'
import type { Platform } from './platform.ts'
import { tokensOf } from './token-answer.ts'
import { createShared } from './waiting.ts'

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
const unavailable = failed('unavailable', 'temporarily_unavailable')

export const createExchanger = (
  server: AuthorizationServer,
  settings: Settings,
  platform: Platform,
): Effect.Effect<Exchanger> => {
  const { dialect, onSignIn } = settings
  /** Who the tokens belong to, and the app's own part in their sign-in. */
  const arrive = Effect.fnUntraced(function* (tokens: Tokens): Effect.fn.Return<ExchangeAnswer> {
    const user = yield* Effect.catchTag(server.userinfo(tokens.accessToken), 'Unavailable', () =>
      Effect.succeed(undefined),
    )
    if (user === undefined) return unavailable
    if ('_tag' in user) return failed('refused', user.error)
    const welcomed = yield* Effect.promise(async () => {
      try {
        await onSignIn?.(user)
        return true
      } catch (error) {
        // The app's own error: its log is the place for it, and the person may try again.
        console.error(error)
        return false
      }
    })
    return welcomed ? { _tag: 'Arrived', live: { user, tokens, signedInAt: platform.now() } } : unavailable
  })
  const lookup = Effect.fnUntraced(function* ({ callback, requested }: Key) {
    const answer = yield* server.exchange(callback)
    if (answer._tag === 'Refused') return failed('refused', answer.error)
    const asked = dialect.scopes.setOf([...dialect.scopes.baseline, ...requested])
    const tokens = tokensOf(answer, asked, null)
    const arrived = yield* arrive(tokens)
    if (arrived._tag === 'Failed') yield* heldUp(platform, server.revoke(tokens.refreshToken ?? tokens.accessToken))
    return arrived
  })
  const shared = createShared<ExchangeAnswer>()
  const nothing = Effect.succeed(unavailable)
  return Effect.map(
    Cache.makeWith((key: Key) => Effect.catchTag(lookup(key), 'Unavailable', () => nothing), {
      capacity: 1_000,
      timeToLive: () => graceMs,
    }),
    (cache) => ({
      exchange: (callback, requested) => {
        const asked = onClock(platform.now)(Cache.get(cache, { callback, requested }))
        // The same attempt only: a code alone is no proof, whoever else may have come by it. What was sent once is not
        // sent again.
        return shared.join(`${callback.verifier} ${callback.code}`, asked, () => nothing)
      },
    }),
  )
}
