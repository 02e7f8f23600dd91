/** Runs a machine with Effect: one event at a time, commands in order, failures as events. */
import * as Effect from 'effect/Effect'
import * as Semaphore from 'effect/Semaphore'
import type { Transition } from '../runner.ts'

export interface Interpreter<State, Event, R> {
  readonly state: Effect.Effect<State>
  /** Answers the state after the event and everything its commands led to. */
  readonly dispatch: (event: Event) => Effect.Effect<State, never, R>
}

/** `carryOut` does what a command says and may answer with the event that it led to; its failures are events too. */
export const interpret = Effect.fnUntraced(function* <State, Event, Command, R>(
  transition: Transition<State, Event, Command>,
  initial: State,
  carryOut: (command: Command) => Effect.Effect<Event | undefined, never, R>,
) {
  const one = yield* Semaphore.make(1)
  let state = initial
  const step = (event: Event): Effect.Effect<State, never, R> =>
    Effect.suspend(() => {
      const [next, commands] = transition(state, event)
      state = next
      return Effect.as(
        Effect.forEach(
          commands,
          (command) =>
            Effect.flatMap(carryOut(command), (led) => (led === undefined ? Effect.void : Effect.asVoid(step(led)))),
          { discard: true },
        ),
        undefined,
      ).pipe(Effect.map(() => state))
    })
  const interpreter: Interpreter<State, Event, R> = {
    state: Effect.sync(() => state),
    dispatch: (event) => one.withPermits(1)(step(event)),
  }
  return interpreter
})
