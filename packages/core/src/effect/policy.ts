/**
 * How long to wait for an answer, and what may be asked twice.
 *
 * | call | waits | asked again |
 * |---|---|---|
 * | exchange | 10 s | never, once sent |
 * | refresh | 10 s | once, and only if it was never sent |
 * | revoke | 10 s | once: a token that is dead already is revoked all the same |
 * | save, clear, keep, drop | 5 s | three times: writing the same thing twice changes nothing |
 *
 * A server that answered 429 or 5xx is asked again by nobody here: it says when, and the machine waits until then.
 */
import * as Clock from 'effect/Clock'
import * as Effect from 'effect/Effect'
import * as Schedule from 'effect/Schedule'
import { AuthError } from '../errors.ts'
import type { Unavailable } from './services.ts'

export const answerWithinMs = 10_000
export const storeWithinMs = 5_000
/** How long a server is left alone after it did not answer. */
export const leaveAloneMs = 5_000

/** No answer in time: the request was sent, and may have had its effect. */
const timedOut = Effect.flatMap(Clock.currentTimeMillis, (at) =>
  Effect.fail(new AuthError('ServerUnavailable', { until: at + leaveAloneMs, sent: true })),
)

const backOff = Schedule.exponential('100 millis')

/** For what must not be asked twice. Each is a span in a trace, by its name and nothing else. */
export const once = <A, E, R>(name: string, call: Effect.Effect<A, E, R>): Effect.Effect<A, E | Unavailable, R> =>
  Effect.timeoutOrElse(call, { duration: answerWithinMs, orElse: () => timedOut }).pipe(Effect.withSpan(name))

const neverSent = (error: { readonly _tag: string; readonly detail?: unknown }): boolean =>
  error._tag === 'ServerUnavailable' && !(error as Unavailable).detail.sent

/** For what may be asked again if nobody heard it. */
export const onceHeard = <A, E extends { readonly _tag: string; readonly detail?: unknown }, R>(
  name: string,
  call: Effect.Effect<A, E, R>,
): Effect.Effect<A, E | Unavailable, R> =>
  Effect.retry(once(name, call), { times: 1, schedule: backOff, while: neverSent })

/** For what changes nothing more when it is done again. */
export const again = <A, E, R>(name: string, call: Effect.Effect<A, E, R>): Effect.Effect<A, E | Unavailable, R> =>
  Effect.retry(once(name, call), { times: 1, schedule: backOff })

/** For a store: no answer in time is its failure. */
export const stored = <A, R>(
  call: Effect.Effect<A, AuthError<'StoreUnavailable'>, R>,
): Effect.Effect<A, AuthError<'StoreUnavailable'>, R> =>
  Effect.timeoutOrElse(call, {
    duration: storeWithinMs,
    orElse: () => Effect.fail(new AuthError('StoreUnavailable')),
  }).pipe(Effect.retry({ times: 3, schedule: backOff }))
