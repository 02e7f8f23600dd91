/** How long somebody is held up by a call that goes on without them. */
import * as Effect from 'effect/Effect'
import * as Fiber from 'effect/Fiber'
import { outlive } from './outlive.ts'
import type { Platform } from './platform.ts'
import { run } from './run.ts'

/** A person notices a page that takes longer. */
export const heldUpMs = 2_000

/** The work's answer if it comes in time. `undefined`: it is still under way, and goes on to its end. */
export const heldUp = <A>(platform: Platform, work: Effect.Effect<A>): Effect.Effect<A | undefined> =>
  Effect.flatMap(Effect.forkDetach(work, { startImmediately: true }), (fiber) => {
    outlive(() => run(Fiber.await(fiber)))
    return Effect.raceFirst(
      Fiber.join(fiber),
      Effect.as(
        Effect.promise((signal) => platform.sleep(heldUpMs, signal)),
        undefined,
      ),
    )
  })
