/**
 * A machine is a table: for each state, the events it answers and what follows. `transitionOf` makes the pure function
 * that runs, and `diagram.ts` draws the very same table, so a picture in the documentation cannot differ from the code.
 */

/** The state that follows, and what to do about it, in order. */
export type Step<State, Command> = readonly [state: State, commands: readonly Command[]]

/** What a table's cell does. `undefined`: the event means nothing here after all, and rests. */
export type Cell<State, Event, Command, All> = (state: State, event: Event) => Step<All, Command> | undefined

interface Tagged {
  readonly _tag: string
}

/** Only the cells that exist: an event without a cell in a state changes nothing there. */
export type Table<State extends Tagged, Event extends Tagged, Command> = {
  readonly [S in State['_tag']]: {
    readonly [E in Event['_tag']]?: Cell<
      Extract<State, { readonly _tag: S }>,
      Extract<Event, { readonly _tag: E }>,
      Command,
      State
    >
  }
}

export type Transition<State, Event, Command> = (state: State, event: Event) => Step<State, Command>

/** The table as a function. A late or doubled event answers with the very same state object, and nothing to do. */
export const transitionOf =
  <State extends Tagged, Event extends Tagged, Command>(
    table: Table<State, Event, Command>,
  ): Transition<State, Event, Command> =>
  (state, event) => {
    // The compiler cannot follow one tag through two mapped types; the table's own type is what keeps this true.
    const cells = table as unknown as { readonly [tag: string]: Record<string, Cell<State, Event, Command, State>> }
    return cells[state._tag]?.[event._tag]?.(state, event) ?? [state, []]
  }
