/** Runs a machine with promises: what a browser uses in place of Effect. One contract suite drives both. */

export type Transition<State, Event, Command> = (state: State, event: Event) => readonly [State, readonly Command[]]

export interface Runner<State, Event> {
  state(): State
  /** Answers the state after the event and everything its commands led to. */
  dispatch(event: Event): Promise<State>
  subscribe(listener: (state: State) => void): () => void
}

/** `carryOut` does what a command says and may answer with the event that it led to. */
export const run = <State, Event, Command>(
  transition: Transition<State, Event, Command>,
  initial: State,
  carryOut: (command: Command) => Promise<Event | void> | Event | void,
): Runner<State, Event> => {
  let state = initial
  const listeners = new Set<(state: State) => void>()
  const dispatch = async (event: Event): Promise<State> => {
    const [next, commands] = transition(state, event)
    if (next !== state) {
      state = next
      for (const listener of listeners) listener(state)
    }
    for (const command of commands) {
      const led = await carryOut(command)
      if (led !== undefined) await dispatch(led)
    }
    return state
  }
  return {
    state: () => state,
    dispatch,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
