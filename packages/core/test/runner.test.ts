import { describe, expect, it } from 'vitest'
import { type Table, transitionOf } from '../src/machine.ts'
import { run } from '../src/runner.ts'
import { contract } from './runner.contract.ts'

contract('the Promise runner', run)

describe('the Promise runner, besides', () => {
  type State = { readonly _tag: 'Even' } | { readonly _tag: 'Odd' }
  type Event = { readonly _tag: 'Add' } | { readonly _tag: 'Nothing' }
  type Command = { readonly _tag: 'Beep' }
  const table: Table<State, Event, Command> = {
    Even: { Add: () => [{ _tag: 'Odd' }, [{ _tag: 'Beep' }]], Nothing: (state) => [state, [{ _tag: 'Beep' }]] },
    Odd: { Add: () => [{ _tag: 'Even' }, []] },
  }
  const counter = () => run(transitionOf(table), { _tag: 'Even' } as State, () => {})

  it('tells its listeners of each change, before anything is carried out, until they leave', async () => {
    const seen: string[] = []
    const runner = run(transitionOf(table), { _tag: 'Even' } as State, () => void seen.push('Beep'))
    const leave = runner.subscribe(({ _tag }) => seen.push(_tag))
    await runner.dispatch({ _tag: 'Add' })
    await runner.dispatch({ _tag: 'Add' })
    leave()
    await runner.dispatch({ _tag: 'Add' })
    expect(seen).toEqual(['Odd', 'Beep', 'Even', 'Beep'])
  })

  it('does not tell them of what changed nothing', async () => {
    const runner = counter()
    let told = 0
    runner.subscribe(() => told++)
    await runner.dispatch({ _tag: 'Nothing' })
    expect(told).toBe(0)
  })

  it('keeps the same state object while nothing changes: a snapshot for React', async () => {
    const runner = counter()
    const before = runner.state()
    await runner.dispatch({ _tag: 'Nothing' })
    expect(runner.state()).toBe(before)
  })
})
