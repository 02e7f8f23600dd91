/**
 * Draws a machine as a Mermaid state diagram, from the very table that runs. Where a cell leads depends on the event's
 * data, so the drawing tries sample events: every cell is run in every state that the samples reach.
 */
import type { Step, Table } from './machine.ts'

interface Tagged {
  readonly _tag: string
}

export interface Edge {
  readonly from: string
  readonly event: string
  readonly to: string
  readonly commands: readonly string[]
}

/** Every edge that the samples reach from the initial states, each once, in the order of the table. */
export const edges = <State extends Tagged, Event extends Tagged, Command extends Tagged>(
  table: Table<State, Event, Command>,
  initial: readonly State[],
  samples: readonly Event[],
): readonly Edge[] => {
  type Cells = {
    readonly [state: string]: Record<string, (state: State, event: Event) => Step<State, Command> | undefined>
  }
  const cells = table as unknown as Cells
  const found = new Map<string, Edge>()
  const seen = new Set<string>()
  const waiting = [...initial]
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    const known = JSON.stringify(state)
    if (seen.has(known)) continue
    seen.add(known)
    for (const event of samples) {
      const step = cells[state._tag]?.[event._tag]?.(state, event)
      if (!step) continue
      const [next, commands] = step
      const edge = { from: state._tag, event: event._tag, to: next._tag, commands: commands.map(({ _tag }) => _tag) }
      found.set(JSON.stringify(edge), edge)
      waiting.push(next)
    }
  }
  const order = Object.entries(cells).flatMap(([from, row]) => Object.keys(row).map((event) => `${from} ${event}`))
  const place = ({ from, event }: Edge) => order.indexOf(`${from} ${event}`)
  const text = ({ to, commands }: Edge) => `${to} ${commands.join()}`
  return [...found.values()].toSorted((a, b) => place(a) - place(b) || (text(a) < text(b) ? -1 : 1))
}

/** Cells of the table that no edge comes from: the samples do not reach them. */
export const undrawn = <State extends Tagged, Event extends Tagged, Command extends Tagged>(
  table: Table<State, Event, Command>,
  drawn: readonly Edge[],
): readonly string[] =>
  Object.entries(table as Record<string, object>)
    .flatMap(([from, row]) => Object.keys(row).map((event) => `${from} ${event}`))
    .filter((cell) => !drawn.some(({ from, event }) => `${from} ${event}` === cell))

/** The edges as Mermaid text, one arrow from a state to another, with every event that takes it. */
export const mermaid = (initial: string, drawn: readonly Edge[]): string => {
  const arrows = new Map<string, Set<string>>()
  for (const { from, event, to } of drawn) {
    const arrow = `${from} --> ${to}`
    arrows.set(arrow, (arrows.get(arrow) ?? new Set()).add(event))
  }
  const lines = [...arrows].map(([arrow, events]) => `  ${arrow}: ${[...events].join(', ')}`)
  return ['stateDiagram-v2', `  [*] --> ${initial}`, ...lines, ''].join('\n')
}

/** The edges as a Markdown table, with the commands of each. */
export const markdown = (drawn: readonly Edge[]): string =>
  [
    '| in | when | then | do |',
    '|---|---|---|---|',
    ...drawn.map(({ from, event, to, commands }) => `| ${from} | ${event} | ${to} | ${commands.join(', ') || '–'} |`),
    '',
  ].join('\n')
