import { describe, expect, it } from 'vitest'
import { edges, markdown, mermaid, undrawn } from '../src/diagram.ts'
import { drawings } from '../src/diagrams.ts'
import type { Table } from '../src/machine.ts'

type State = { readonly _tag: 'Off' } | { readonly _tag: 'On'; readonly level: number }
type Event = { readonly _tag: 'Press' } | { readonly _tag: 'Turn'; readonly by: number }
type Command = { readonly _tag: 'Light' }
const table: Table<State, Event, Command> = {
  Off: { Press: () => [{ _tag: 'On', level: 1 }, [{ _tag: 'Light' }]] },
  On: {
    Press: () => [{ _tag: 'Off' }, []],
    Turn: (state, { by }) => {
      if (by === 0) return undefined
      return by < 0 ? [{ _tag: 'Off' }, []] : [{ ...state, level: Math.min(2, state.level + by) }, [{ _tag: 'Light' }]]
    },
  },
}
const press: Event = { _tag: 'Press' }
const off: State = { _tag: 'Off' }

describe('a drawing', () => {
  const drawn = edges(table, [off], [{ _tag: 'Turn', by: 1 }, { _tag: 'Turn', by: 0 }, { _tag: 'Turn', by: -1 }, press])

  it('has every edge that the samples reach, once, in the order of the table', () => {
    expect(drawn).toEqual([
      { from: 'Off', event: 'Press', to: 'On', commands: ['Light'] },
      { from: 'On', event: 'Press', to: 'Off', commands: [] },
      { from: 'On', event: 'Turn', to: 'Off', commands: [] },
      { from: 'On', event: 'Turn', to: 'On', commands: ['Light'] },
    ])
  })

  it('says which cells the samples do not reach', () => {
    expect(undrawn(table, drawn)).toEqual([])
    expect(undrawn(table, edges(table, [off], [press]))).toEqual(['On Turn'])
    expect(undrawn(table, [])).toEqual(['Off Press', 'On Press', 'On Turn'])
  })

  it('is Mermaid, one arrow between two states', () => {
    expect(mermaid('Off', drawn)).toBe(
      'stateDiagram-v2\n  [*] --> Off\n  Off --> On: Press\n  On --> Off: Press, Turn\n  On --> On: Turn\n',
    )
  })

  it('is a table, with what is to be done', () => {
    expect(markdown(drawn)).toBe(
      '| in | when | then | do |\n|---|---|---|---|\n| Off | Press | On | Light |\n| On | Press | Off | – |\n' +
        '| On | Turn | Off | – |\n| On | Turn | On | Light |\n',
    )
  })
})

describe('the machines of this package', () => {
  it('are drawn whole: the samples reach every cell', () => {
    expect(drawings.map(({ title, undrawn }) => [title, undrawn])).toEqual([
      ['Sign-in', []],
      ['Session', []],
      ['App', []],
    ])
  })

  it('are drawn in docs/machines.md as they run (vitest --update writes it anew)', async () => {
    const text = drawings.map(
      ({ title, initial, edges }) =>
        `## ${title}\n\n\`\`\`mermaid\n${mermaid(initial, edges)}\`\`\`\n\n${markdown(edges)}`,
    )
    const head =
      '# The machines\n\nDrawn from the very tables that run; a test fails when this page and the code differ. What is not in a table\nchanges nothing: a late or doubled event rests.\n'
    await expect([head, ...text].join('\n')).toMatchFileSnapshot('../docs/machines.md')
  })
})
