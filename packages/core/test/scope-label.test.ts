import { describe, expect, it } from 'vitest'
import { describe as describeScopes, labelOf } from '../src/scope-label.ts'
import { names, observedNames } from '../src/scope.ts'
import { vectors } from './vectors.ts'

describe('labels', () => {
  it('are the words of the contract', () => {
    for (const { name, label } of vectors.civitai.scopes) expect(labelOf(name as (typeof names)[number])).toBe(label)
  })

  it('fall back to the name where nothing is documented', () => {
    expect(observedNames.map(labelOf)).toEqual([...observedNames])
    expect(labelOf('Bit28')).toBe('Bit28')
  })
})

describe('a described scope', () => {
  it('has bit, value, label, resource and verb', () => {
    expect(describeScopes(['SocialTip', 'AIServicesWrite'])).toEqual([
      {
        scope: 'AIServicesWrite',
        bit: 15,
        value: 32768n,
        label: 'Generate, train & scan',
        resource: 'AIServices',
        verb: 'Write',
        spendsBuzz: true,
        reserved: false,
      },
      {
        scope: 'SocialTip',
        bit: 20,
        value: 1048576n,
        label: 'Tip other users (reserved)',
        resource: 'Social',
        verb: 'Tip',
        spendsBuzz: false,
        reserved: true,
      },
    ])
  })

  it('splits every documented name into its resource and its verb', () => {
    for (const { scope, resource, verb } of describeScopes(names)) expect(`${resource}${verb}`).toBe(scope)
  })

  it('claims neither for an observed name or a bare bit', () => {
    for (const { resource, verb } of describeScopes([...observedNames, 'Bit77']))
      expect([resource, verb]).toEqual([null, null])
  })
})
