/** Runs a machine with promises: what a browser uses in place of Effect. One contract suite drives both. */
import type { Transition } from './machine.ts'

export type { Transition } from './machine.ts'

export interface Runner<State, Event> {
  state(): State
  /**
   * Applies the event at once, then carries out what it led to; answers the state after all of that. An event that
   * changes nothing waits for what is under way, so thirty callers who need a token share one refresh.
   */
  dispatch(event: Event): Promise<State>
  subscribe(listener: (state: State) => void): () => void
}

/**
 * `carryOut` does what a command says and may answer with the event that it led to; it never dispatches itself. What it
 * throws reaches the caller of `dispatch`, and the rest of that event's commands are left out: a failure that the
 * machine should know of is an event.
 *
 * Commands are carried out in the order of their events, so nothing is saved after it was cleared. `questions` are the
 * exception: they ask a server, are answered by an event, come last in their event, and hold up nothing else.
 */
export const run = <State, Event, Command extends { readonly _tag: string }>(
  transition: Transition<State, Event, Command>,
  initial: State,
  carryOut: (command: Command) => Promise<Event | void> | Event | void,
  questions: readonly Command['_tag'][] = [],
): Runner<State, Event> => {
  let state = initial
  let last: Promise<unknown> = Promise.resolve()
  const underWay = new Set<Promise<void>>()
  const listeners = new Set<(state: State) => void>()

  /** `undefined` for an event that rested. */
  const apply = (event: Event): Promise<void> | undefined => {
    const [next, commands] = transition(state, event)
    if (next === state && !commands.length) return undefined
    if (next !== state) {
      state = next
      for (const listener of listeners) listener(state)
    }
    const led: (Promise<void> | undefined)[] = []
    const each = async (asking: boolean): Promise<void> => {
      for (const command of commands)
        if (questions.includes(command._tag) === asking) {
          const event = await carryOut(command)
          const work = event ? apply(event) : undefined
          // Awaited below; a failure before that must not count as unhandled.
          work?.catch(() => {})
          led.push(work)
        }
    }
    const inTurn = last.then(() => each(false))
    last = inTurn.catch(() => {})
    return inTurn.then(() => each(true)).then(async () => void (await Promise.all(led)))
  }

  return {
    state: () => state,
    dispatch: async (event) => {
      const work = apply(event)
      if (work) {
        underWay.add(work)
        await work.finally(() => underWay.delete(work))
      } else await Promise.allSettled(underWay)
      return state
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
