import { describe, expect, it } from 'vitest'
import { boxes, columns, rows } from '../src/permission-grid.ts'
import { type PresetName, presetOf, presets, scopesOf } from '../src/preset.ts'
import { type Scope, difference, format, names } from '../src/scope.ts'
import * as fc from 'fast-check'
import { always } from './property.ts'
import { vectors } from './vectors.ts'

const deletes = rows.flatMap(({ cells }) => cells[columns.indexOf('Delete')] ?? [])

describe('presets', () => {
  it('have the exact values and advice of the contract, in its order', () => {
    expect(presets.map(({ name, scopes, goodFor }) => ({ name, value: Number(format(scopes)), goodFor }))).toEqual(
      vectors.civitai.presets,
    )
  })

  it('are found again from their scopes, in any order', () => {
    for (const { name, scopes } of presets) expect(presetOf(scopes.toReversed())).toBe(name)
    for (const { name } of presets) expect(presetOf(scopesOf(name))).toBe(name)
  })

  it('are Custom as soon as one scope differs', () => {
    for (const { scopes } of presets)
      for (const scope of names) {
        const changed = scopes.includes(scope) ? difference(scopes, [scope]) : [...scopes, scope]
        expect(presetOf(changed)).toBe('Custom')
      }
    expect(presetOf([])).toBe('Custom')
    expect(presetOf([...names, 'Bit28'])).toBe('Custom')
  })

  it('name a set if and only if it is theirs', () => {
    const values = new Map(vectors.civitai.presets.map(({ name, value }) => [String(value), name]))
    always([fc.subarray<Scope>([...names])], (scopes) => presetOf(scopes) === (values.get(format(scopes)) ?? 'Custom'))
  })

  it('tick no Delete, but for Full Access', () => {
    expect(deletes.length).toBe(4)
    for (const { name, scopes } of presets)
      expect(deletes.filter((scope) => scopes.includes(scope))).toEqual(name === 'Full Access' ? deletes : [])
  })

  it('have a box for everything they hold, but for the reserved tip of Full Access', () => {
    const boxless = (name: PresetName) => difference(scopesOf(name), boxes)
    expect(presets.map(({ name }) => boxless(name))).toEqual([[], [], [], ['SocialTip']])
  })
})
