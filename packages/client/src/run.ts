/**
 * How an effect becomes a promise. What goes on after a wait is a microtask and not a timer: a worker drops the timers of
 * a request that is over, and whoever else was to go on by them would wait for ever.
 */
import * as Effect from 'effect/Effect'
import { MixedScheduler } from 'effect/Scheduler'

const scheduler = new MixedScheduler('sync')

export const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(effect, { scheduler })
