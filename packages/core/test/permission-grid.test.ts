import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxes, cellsOf, columns, rows, scopesOf, toggle } from '../src/permission-grid.ts'
import { presetOf, scopesOf as presetScopes } from '../src/preset.ts'
import { type Scope, names, setOf } from '../src/scope.ts'
import { always } from './property.ts'
import { vectors } from './vectors.ts'

describe('the grid', () => {
  it('has the rows, columns and dashes of the contract', () => {
    expect({ columns, rows }).toEqual(vectors.civitai.grid)
  })

  it('has a box for every documented scope but SocialTip, once', () => {
    expect(setOf(boxes)).toEqual(names.filter((name) => name !== 'SocialTip'))
    expect(boxes.length).toBe(24)
  })
})

describe('ticking', () => {
  it('adds and removes one scope', () => {
    expect(toggle(['UserRead'], 'BuzzRead', true)).toEqual(['UserRead', 'BuzzRead'])
    expect(toggle(['UserRead', 'BuzzRead'], 'BuzzRead', false)).toEqual(['UserRead'])
  })

  it('twice is the same as once', () => {
    const set = fc.subarray<Scope>([...names])
    always([set, fc.constantFrom(...boxes), fc.boolean()], (scopes, box, ticked) => {
      const once = toggle(scopes, box, ticked)
      expect(toggle(once, box, ticked)).toEqual(once)
      expect(once.includes(box)).toBe(ticked)
    })
  })

  it('drops what has no box: an edited Full Access has no SocialTip, and is Custom', () => {
    const edited = toggle(presetScopes('Full Access'), 'VaultWrite', true)
    expect(edited).not.toContain('SocialTip')
    expect(presetOf(edited)).toBe('Custom')
    expect(toggle(['LinkConnect', 'Bit40'], 'UserRead', true)).toEqual(['UserRead'])
  })
})

describe('both ways', () => {
  it('shows a set as ticks, with null for a dash', () => {
    const ticks = cellsOf(['UserRead', 'ModelsDelete'])
    expect(ticks[0]).toEqual([true, false, null])
    expect(ticks[1]).toEqual([false, false, true])
    expect(ticks.map((row) => row.map((cell) => cell === null))).toEqual(
      rows.map(({ cells }) => cells.map((cell) => cell === null)),
    )
  })

  it('reads ticks back as the same set', () => {
    always([fc.subarray<Scope>([...boxes])], (scopes) => {
      expect(scopesOf(cellsOf(scopes))).toEqual(setOf(scopes))
    })
  })

  it('reads a tick on a dash, or rows that are not there, as nothing', () => {
    expect(scopesOf([[true, true, true]])).toEqual(['UserRead', 'UserWrite'])
    expect(scopesOf([])).toEqual([])
    expect(scopesOf([...rows.map(() => [false, false, false] as const), [true, true, true]])).toEqual([])
  })
})
