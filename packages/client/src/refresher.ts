/**
 * Refresh, once per refresh token in this process. Requests that need the same token at the same time share one call;
 * for a minute after it, a request that still carries the old cookie gets the rotation's result. A refused token is
 * remembered, so that it is not sent again; a busy server is left alone until it asked to be tried again.
 */
import * as Cache from 'effect/Cache'
import type * as Duration from 'effect/Duration'
import * as Effect from 'effect/Effect'
import { onClock } from './clock.ts'
import type { Keeper } from './keeper.ts'
import type { TokenAnswer } from './token-answer.ts'

export type RefreshAnswer = TokenAnswer | { readonly _tag: 'TryLater'; readonly until: number }

export interface Refresher {
  /** `id`: the session's, where it is in a store. */
  refresh(refreshToken: string, id: string | undefined): Effect.Effect<RefreshAnswer>
}

interface Key {
  readonly refreshToken: string
  readonly id: string | undefined
}

/** How long a late request with the old cookie is served. */
const graceMs = 60_000
/** Longer than an access token lives: after that, nobody asks for this token again. */
const refusedMs = 2 * 3_600_000
/** Back-off while the server does not say for how long, and the most it may ask for. */
const backOffMs = 5_000
const longestBackOffMs = 60_000

export const createRefresher = (keeper: Keeper, now: () => number): Effect.Effect<Refresher> => {
  const lookup = ({ refreshToken, id }: Key): Effect.Effect<RefreshAnswer> =>
    keeper.renew(refreshToken, id).pipe(
      Effect.catchTag('Unavailable', ({ retryAfterMs }) =>
        Effect.sync((): RefreshAnswer => ({
          _tag: 'TryLater',
          until: now() + Math.min(retryAfterMs ?? backOffMs, longestBackOffMs),
        })),
      ),
    )
  const timeToLive = (answer: RefreshAnswer | undefined): Duration.Input => {
    if (answer?._tag === 'Granted') return graceMs
    if (answer?._tag === 'TryLater') return Math.max(0, answer.until - now())
    return answer?.error === 'invalid_grant' ? refusedMs : backOffMs
  }
  return Effect.map(
    Cache.makeWith(lookup, {
      capacity: 10_000,
      timeToLive: (exit) => timeToLive(exit._tag === 'Success' ? exit.value : undefined),
    }),
    (cache) => ({ refresh: (refreshToken, id) => onClock(now)(Cache.get(cache, { refreshToken, id })) }),
  )
}
