/**
 * What `retry.ts` says of servers, and what holds for stores, as Effect.
 *
 * | call | waits | asked again |
 * |---|---|---|
 * | a server | 10 s | as `retry.ts` has it |
 * | save, clear, keep, drop | 5 s | three times: writing the same thing twice changes nothing |
 */
import * as Clock from 'effect/Clock'
import * as Effect from 'effect/Effect'
import * as Schedule from 'effect/Schedule'
import { AuthError } from '../errors.ts'
import { type Call, answerWithinMs, leaveAloneMs, mayAskAgain } from '../retry.ts'
import type { Unavailable } from './services.ts'

export const storeWithinMs = 5_000

/** No answer in time: the request was sent, and may have had its effect. */
const timedOut = Effect.flatMap(Clock.currentTimeMillis, (at) =>
  Effect.fail(new AuthError('ServerUnavailable', { until: at + leaveAloneMs, sent: true })),
)

const backOff = Schedule.exponential('100 millis')

interface Failure {
  readonly _tag: string
  readonly detail?: unknown
}

const wasLost = (error: Failure): boolean => error._tag === 'ServerUnavailable' && (error as Unavailable).detail.sent

/** A call to a server. Each try is a span in a trace, by its name and nothing else. */
export const ask = <A, E extends Failure, R>(
  call: Call,
  work: Effect.Effect<A, E, R>,
): Effect.Effect<A, E | Unavailable, R> =>
  Effect.timeoutOrElse(work, { duration: answerWithinMs, orElse: () => timedOut }).pipe(
    Effect.withSpan(`oauth.${call}`),
    Effect.retry({ times: 1, while: (error) => mayAskAgain(call, { lost: wasLost(error) }) }),
  )

/** For a store: no answer in time is its failure. */
export const stored = <A, R>(
  call: Effect.Effect<A, AuthError<'StoreUnavailable'>, R>,
): Effect.Effect<A, AuthError<'StoreUnavailable'>, R> =>
  Effect.timeoutOrElse(call, {
    duration: storeWithinMs,
    orElse: () => Effect.fail(new AuthError('StoreUnavailable')),
  }).pipe(Effect.retry({ times: 3, schedule: backOff }))
