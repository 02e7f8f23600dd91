/**
 * Runs a machine with Effect. It keeps the promises of `runner.ts` word for word, and adds one: what an event led to is
 * carried out to its end even if whoever dispatched it is interrupted, so a request that goes away cannot lose the
 * token pair it has just been given.
 */
import * as Deferred from 'effect/Deferred'
import * as Effect from 'effect/Effect'
import * as Fiber from 'effect/Fiber'
import type { Transition } from '../machine.ts'

export interface Interpreter<State, Event, E = never, R = never> {
  readonly state: Effect.Effect<State>
  /**
   * Applies the event at once, then carries out what it led to; answers the state after all of that. An event that
   * changes nothing waits for what is under way.
   */
  readonly dispatch: (event: Event) => Effect.Effect<State, E, R>
}

/**
 * `carryOut` does what a command says and may answer with the event that it led to; failures that the machine should
 * know of are events too. Commands run in the order of their events; `questions` (see `runner.ts`) hold up nothing.
 */
export const interpret = <State, Event, Command extends { readonly _tag: string }, E = never, R = never>(
  transition: Transition<State, Event, Command>,
  initial: State,
  carryOut: (command: Command) => Effect.Effect<Event | undefined, E, R>,
  questions: readonly Command['_tag'][] = [],
): Effect.Effect<Interpreter<State, Event, E, R>> =>
  Effect.sync(() => {
    let state = initial
    let last: Deferred.Deferred<void> | undefined
    const underWay = new Set<Fiber.Fiber<void, E>>()
    const settled = Effect.sync(() => state)

    /** Takes its turn at once, and answers what is left to do; `undefined` for an event that rested. */
    const apply = (event: Event): Effect.Effect<void, E, R> | undefined => {
      const [next, commands] = transition(state, event)
      if (next === state && commands.length === 0) return undefined
      state = next
      if (commands.length === 0) return Effect.void

      const before = last
      const done = Deferred.makeUnsafe<void>()
      last = done
      const led: Effect.Effect<void, E, R>[] = []
      const each = (asking: boolean) =>
        Effect.forEach(
          commands.filter((command) => questions.includes(command._tag) === asking),
          (command) =>
            Effect.map(carryOut(command), (event) => {
              const work = event === undefined ? undefined : apply(event)
              if (work !== undefined) led.push(work)
            }),
          { discard: true },
        )
      return Effect.ensuring(
        before === undefined ? each(false) : Effect.andThen(Deferred.await(before), each(false)),
        Deferred.succeed(done, undefined),
      ).pipe(
        Effect.andThen(each(true)),
        Effect.andThen(Effect.suspend(() => Effect.forEach(led, (work) => work, { discard: true }))),
      )
    }

    const dispatch = (event: Event): Effect.Effect<State, E, R> =>
      Effect.uninterruptibleMask((restore) =>
        Effect.suspend(() => {
          const work = apply(event)
          if (work === undefined) return Effect.andThen(restore(Fiber.awaitAll(underWay)), settled)
          if (work === Effect.void) return settled
          return Effect.flatMap(
            Effect.forkDetach(work, { startImmediately: true, uninterruptible: false }),
            (fiber) => {
              underWay.add(fiber)
              fiber.addObserver(() => underWay.delete(fiber))
              return Effect.andThen(restore(Fiber.join(fiber)), settled)
            },
          )
        }),
      )

    return { state: settled, dispatch }
  })
