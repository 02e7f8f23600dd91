/**
 * Work that several requests wait for and one of them does. A worker takes a request that waits for nothing of its own
 * for one that hangs, lets nothing but a promise cross from one request to another, and drops what a request had under
 * way when its client goes away, if it is not told otherwise. So the answer is a promise, and whoever waits has a timer of its own; whoever does the
 * work says second by second that they still do, and when nothing is heard any more, nobody waits on.
 */
import * as Effect from 'effect/Effect'
import type * as Exit from 'effect/Exit'
import { outlive } from './outlive.ts'
import { run } from './run.ts'

interface UnderWay<A, E> {
  readonly answer: Promise<Exit.Exit<A, E>>
  heard: number
}

export interface Shared<A, E> {
  /**
   * The answer to the work of this name, begun now unless it is under way. `dropped` answers where nobody does it any
   * more; `first` for the first of those who wait to find out.
   */
  join(name: string, work: Effect.Effect<A, E>, dropped: (first: boolean) => Effect.Effect<A, E>): Effect.Effect<A, E>
}

const beat = Effect.sleep(1_000)
const missedBeats = 3

export const createShared = <A, E = never>(): Shared<A, E> => {
  const underWay = new Map<string, UnderWay<A, E>>()

  const begin = (name: string, work: Effect.Effect<A, E>): UnderWay<A, E> => {
    const beating = Effect.forever(
      Effect.andThen(
        beat,
        Effect.sync(() => begun.heard++),
      ),
    )
    const answer = run(Effect.exit(Effect.raceFirst(work, beating))).finally(() => forget(name, begun))
    const begun: UnderWay<A, E> = { answer, heard: 0 }
    underWay.set(name, begun)
    outlive(() => answer)
    return begun
  }
  const forget = (name: string, one: UnderWay<A, E>) => underWay.get(name) === one && underWay.delete(name)
  const gone = Effect.fnUntraced(function* (name: string, one: UnderWay<A, E>) {
    for (let missed = 0, heard = one.heard; missed < missedBeats; missed++) {
      yield* beat
      if (one.heard !== heard) missed = -1
      heard = one.heard
    }
    return forget(name, one)
  })

  return {
    join: (name, work, dropped) =>
      Effect.suspend(() => {
        const one = underWay.get(name) ?? begin(name, work)
        const answer = Effect.flatten(Effect.promise(() => one.answer))
        return Effect.raceFirst(answer, Effect.flatMap(gone(name, one), dropped))
      }),
  }
}
