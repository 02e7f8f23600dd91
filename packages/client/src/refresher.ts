/**
 * Refresh, once per refresh token in this process. Requests that need the same token at the same time share one call;
 * a request that still carries the old cookie gets the rotation's result, until a minute after an answer took it to the
 * browser. A refused token is remembered, so that it is not sent again; a busy server is left alone until it asked to be
 * tried again.
 */
import { leaveAloneMs } from '@civitai-oauth/core/retry'
import * as Cache from 'effect/Cache'
import type * as Duration from 'effect/Duration'
import * as Effect from 'effect/Effect'
import * as Option from 'effect/Option'
import { onClock } from './clock.ts'
import { heldUp, heldUpMs } from './hold.ts'
import type { Keeper } from './keeper.ts'
import type { Platform } from './platform.ts'
import type { TokenAnswer } from './token-answer.ts'
import { createShared } from './waiting.ts'

export type RefreshAnswer = TokenAnswer | { readonly _tag: 'TryLater'; readonly until: number }

export interface Refresher {
  /**
   * `id`: the session's, where it is in a store. `dispensable`: whoever asks has a token that still lives, and is told
   * to try later when the answer takes its time; the refresh goes on, and what it brings is there for the next request.
   */
  refresh(refreshToken: string, id: string | undefined, dispensable: boolean): Effect.Effect<RefreshAnswer>
  /** What this token's refresh brought is on its way to the browser. */
  delivered(refreshToken: string, id: string | undefined): Effect.Effect<void>
  /** The refresh token that took this one's place, as far as this process knows; waits for one that is under way. */
  successor(refreshToken: string, id: string | undefined): Effect.Effect<string | undefined>
}

interface Known {
  readonly answer: RefreshAnswer
  readonly delivered: boolean
}

interface Key {
  readonly refreshToken: string
  readonly id: string | undefined
}

/** How long a late request with the old cookie is served, once the new one is on its way. */
const graceMs = 60_000
/** And before that: the page failed, or did not wait. Nobody else has the new pair, and the old one is spent. */
const undeliveredMs = 24 * 3_600_000
/** Longer than an access token lives: after that, nobody asks for this token again. */
const refusedMs = 2 * 3_600_000
/** The most a server may ask for. */
const longestBackOffMs = 60_000

export const createRefresher = (keeper: Keeper, platform: Platform): Effect.Effect<Refresher> => {
  const { now } = platform
  const lookup = ({ refreshToken, id }: Key): Effect.Effect<Known> =>
    keeper.renew(refreshToken, id).pipe(
      Effect.catchTag('Unavailable', ({ retryAfterMs }) =>
        Effect.sync((): RefreshAnswer => ({
          _tag: 'TryLater',
          until: now() + Math.min(retryAfterMs ?? leaveAloneMs, longestBackOffMs),
        })),
      ),
      // In a store it was saved before anybody used it.
      Effect.map((answer) => ({ answer, delivered: id !== undefined })),
    )
  const timeToLive = (known: Known | undefined): Duration.Input => {
    const answer = known?.answer
    if (answer?._tag === 'Granted') return known?.delivered ? graceMs : undeliveredMs
    if (answer?._tag === 'TryLater') return Math.max(0, answer.until - now())
    return answer?.error === 'invalid_grant' ? refusedMs : leaveAloneMs
  }
  const shared = createShared<Known>()
  /** Refreshes that somebody has waited for in vain: nobody else waits as long. */
  const slow = new Set<string>()
  const onOurs = onClock(now)
  return Effect.map(
    Cache.makeWith(lookup, {
      capacity: 10_000,
      timeToLive: (exit) => timeToLive(exit._tag === 'Success' ? exit.value : undefined),
    }),
    (cache) => {
      const join = (key: Key): Effect.Effect<Known> =>
        shared.join(key.refreshToken, onOurs(Cache.get(cache, key)), (first) =>
          Effect.andThen(first ? Cache.invalidate(cache, key) : Effect.void, join(key)),
        )
      const ask = (key: Key) => Effect.map(join(key), ({ answer }) => answer)
      const known = (key: Key) => onOurs(Effect.map(Cache.getSuccess(cache, key), Option.getOrUndefined))
      const tryLater = (): RefreshAnswer => ({ _tag: 'TryLater', until: now() + heldUpMs })
      const askBriefly = Effect.fnUntraced(function* (key: Key): Effect.fn.Return<RefreshAnswer> {
        const { refreshToken } = key
        if (slow.has(refreshToken)) return (yield* known(key))?.answer ?? tryLater()
        let over = false
        const ended = Effect.sync(() => {
          over = true
          slow.delete(refreshToken)
        })
        const inTime = yield* heldUp(platform, Effect.ensuring(ask(key), ended))
        if (!over) slow.add(refreshToken)
        return inTime ?? tryLater()
      })
      return {
        refresh: (refreshToken, id, dispensable) => (dispensable ? askBriefly : ask)({ refreshToken, id }),
        delivered: Effect.fnUntraced(function* (refreshToken, id) {
          const key = { refreshToken, id }
          const found = yield* known(key)
          if (found?.answer._tag === 'Granted' && !found.delivered)
            yield* onOurs(Cache.set(cache, key, { ...found, delivered: true }))
        }),
        successor: Effect.fnUntraced(function* (refreshToken, id) {
          const key = { refreshToken, id }
          const answer = (yield* onOurs(Cache.has(cache, key))) ? yield* ask(key) : undefined
          return answer?._tag === 'Granted' ? answer.refreshToken : undefined
        }),
      }
    },
  )
}
