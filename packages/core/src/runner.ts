/** Runs a machine with promises: what a browser uses in place of Effect. One contract suite drives both. */
import type { Transition } from './machine.ts'

export type { Transition } from './machine.ts'

export interface Runner<State, Event> {
  state(): State
  /**
   * Applies the event at once, then carries out what it led to, in order; answers the state after all of that. An event
   * that changes nothing waits for what is under way, so thirty callers who need a token share one refresh.
   */
  dispatch(event: Event): Promise<State>
  subscribe(listener: (state: State) => void): () => void
}

/**
 * `carryOut` does what a command says and may answer with the event that it led to. Its failures are events too: what
 * it throws reaches the caller of `dispatch`, and the machine does not hear of it.
 */
export const run = <State, Event, Command>(
  transition: Transition<State, Event, Command>,
  initial: State,
  carryOut: (command: Command) => Promise<Event | void> | Event | void,
): Runner<State, Event> => {
  let state = initial
  const underWay = new Set<Promise<void>>()
  const listeners = new Set<(state: State) => void>()

  const apply = (event: Event): readonly Command[] | undefined => {
    const [next, commands] = transition(state, event)
    if (next === state && !commands.length) return undefined
    if (next !== state) {
      state = next
      for (const listener of listeners) listener(state)
    }
    return commands
  }
  const carry = async (commands: readonly Command[] = []): Promise<void> => {
    for (const command of commands) {
      const led = await carryOut(command)
      if (led) await carry(apply(led))
    }
  }

  return {
    state: () => state,
    dispatch: async (event) => {
      const commands = apply(event)
      if (commands) {
        const work = carry(commands)
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
