import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Scope from '../src/scope.ts'
import { always } from './property.ts'
import { vectors } from './vectors.ts'

const everyScope = [
  ...Scope.names,
  ...Scope.observedNames,
  ...Array.from({ length: 228 }, (_, index) => `Bit${index + 28}` as const),
]
/** Every name, and unnamed bits on both sides of every border: 2^31, 2^32, 2^53, 2^64, the last. */
const borders = ['Bit28', 'Bit31', 'Bit32', 'Bit52', 'Bit53', 'Bit63', 'Bit64', 'Bit255'] as const
const scopeSet = fc.subarray<Scope.Scope>([...Scope.names, ...Scope.observedNames, ...borders])
const mask = fc.bigInt({ min: 0n, max: (1n << 256n) - 1n })

describe('the names', () => {
  it('stand at the bits the contract gives them', () => {
    expect(Scope.names).toEqual(vectors.civitai.scopes.map(({ name }) => name))
    for (const { bit, value, name } of vectors.civitai.scopes) {
      expect(Scope.bitOf(name)).toBe(bit)
      expect(Scope.format([name as Scope.Scope])).toBe(String(value))
    }
  })

  it('go on with the observed bits, which Full Access does not hold', () => {
    expect(Scope.observedNames).toEqual(vectors.civitai.observedOutsideFull.map(({ name }) => name))
    for (const { bit, name } of vectors.civitai.observedOutsideFull) expect(Scope.bitOf(name)).toBe(bit)
    expect(Scope.parse(vectors.civitai.full)).toEqual(Scope.names)
  })

  it('mark the baseline, what spends buzz, what the limit covers and what is reserved', () => {
    expect(Scope.baseline).toBe(vectors.civitai.baseline)
    expect(Scope.spendsBuzz).toEqual(vectors.civitai.spendsBuzz)
    expect(Scope.underBuzzLimit).toEqual(vectors.civitai.underBuzzLimit)
    expect(Scope.reserved).toEqual(vectors.civitai.reserved)
    expect(Scope.deletes).toEqual(Scope.names.filter((name) => name.endsWith('Delete')))
  })

  it('are told from what is no scope', () => {
    for (const one of everyScope) expect(Scope.isScope(one)).toBe(true)
    const near = ['', 'userRead', 'UserRead ', 'Bit', 'Bit0', 'Bit027', 'Bit27', 'Bit256', 'Bit1e2', 'xBit28', 'Bit28x']
    for (const one of near) expect([one, Scope.isScope(one), Scope.bitOf(one)]).toEqual([one, false, -1])
    expect(Scope.bitOf('Bit28')).toBe(28)
    expect(Scope.bitOf('Bit255')).toBe(255)
    expect(Scope.isScopeName('UserRead')).toBe(true)
    expect(Scope.isScopeName('LinkConnect')).toBe(false)
    expect(Scope.isScopeName(1)).toBe(false)
  })
})

describe('reading the wire', () => {
  it('accepts every form seen in the wild', () => {
    for (const [json, value] of vectors.civitai.tokenScopeForms)
      expect(Scope.format(Scope.parse(JSON.parse(json)) ?? [])).toBe(String(value))
    expect(Scope.parse([114689])).toEqual(['UserRead', 'AIServicesRead', 'AIServicesWrite', 'BuzzRead'])
  })

  it('reads nothing as the empty set', () => {
    expect(Scope.parse('0')).toEqual([])
    expect(Scope.parse(0)).toEqual([])
  })

  it('answers undefined for anything else, and never throws', () => {
    const nonsense = [
      undefined,
      null,
      '',
      ' ',
      '1 ',
      ' 1',
      '1\n',
      '-1',
      '1.5',
      '1e3',
      '0x10',
      'UserRead',
      -1,
      1.5,
      NaN,
      Infinity,
      2 ** 53,
      [],
      ['1', '2'],
      [['1']],
      {},
      true,
      10n,
      { toString: () => '1' },
      String(1n << 256n),
      '1'.repeat(79),
    ]
    for (const wire of nonsense) expect(Scope.parse(wire)).toBeUndefined()
    always([fc.anything()], (wire) => void Scope.parse(wire))
  })

  it('keeps bits that nobody has named, also beyond 2^53', () => {
    expect(Scope.parse(String(1n << 28n))).toEqual(['Bit28'])
    expect(Scope.parse(String((1n << 200n) | 1n))).toEqual(['UserRead', 'Bit200'])
    expect(Scope.parse(String((1n << 256n) - 1n))).toEqual(everyScope)
  })

  it('gives back the same decimal for every number', () => {
    always([mask], (bits) => Scope.format(Scope.parse(String(bits)) as Scope.Scope[]) === String(bits))
  })

  it('gives back the same set for every set, in each form', () => {
    always([scopeSet], (scopes) => {
      const wire = Scope.format(scopes)
      expect(Scope.parse(wire)).toEqual(Scope.setOf(scopes))
      expect(Scope.parse([wire])).toEqual(Scope.setOf(scopes))
      expect(Scope.parseNames(scopes.join(' '))).toEqual(Scope.setOf(scopes))
      const number = Scope.toNumber(scopes)
      if (number !== undefined) expect(Scope.parse(number)).toEqual(Scope.setOf(scopes))
    })
  })

  it('gives a number only where no bit would be lost', () => {
    expect(Scope.toNumber(['UserRead', 'BuzzRead'])).toBe(65537)
    expect(Scope.toNumber(['Bit52'])).toBe(2 ** 52)
    expect(Scope.toNumber(['Bit53'])).toBeUndefined()
  })

  it('reads names as people type them', () => {
    expect(Scope.parseNames(' BuzzRead,UserRead\n, Bit99 ')).toEqual(['UserRead', 'BuzzRead', 'Bit99'])
    expect(Scope.parseNames('')).toEqual([])
    expect(Scope.parseNames('UserRead Nonsense')).toBeUndefined()
  })
})

describe('the algebra', () => {
  const { union, intersection, difference, missing, contains, setOf } = Scope

  it('works on sets in bit order without repeats', () => {
    expect(setOf(['BuzzRead', 'nonsense', 'UserRead', 'BuzzRead'])).toEqual(['UserRead', 'BuzzRead'])
    expect(union(['BuzzRead'], ['UserRead'])).toEqual(['UserRead', 'BuzzRead'])
    expect(intersection(['BuzzRead', 'UserRead'], ['BuzzRead'])).toEqual(['BuzzRead'])
    expect(difference(['BuzzRead', 'UserRead'], ['BuzzRead'])).toEqual(['UserRead'])
    expect(missing(['UserRead'], ['BuzzRead', 'UserRead'])).toEqual(['BuzzRead'])
    expect(contains(['UserRead', 'BuzzRead'], ['BuzzRead'])).toBe(true)
    expect(contains(['UserRead'], ['BuzzRead'])).toBe(false)
  })

  it('obeys the laws of sets', () => {
    always([scopeSet, scopeSet, scopeSet], (a, b, c) => {
      expect(union(a, b)).toEqual(union(b, a))
      expect(intersection(a, b)).toEqual(intersection(b, a))
      expect(union(union(a, b), c)).toEqual(union(a, union(b, c)))
      expect(intersection(a, union(b, c))).toEqual(union(intersection(a, b), intersection(a, c)))
      expect(difference(a, union(b, c))).toEqual(intersection(difference(a, b), difference(a, c)))
      expect(union(a, intersection(a, b))).toEqual(setOf(a))
      expect(difference(a, a)).toEqual([])
      expect(union(difference(a, b), intersection(a, b))).toEqual(setOf(a))
      expect(contains(a, b)).toBe(missing(a, b).length === 0)
      expect(contains(union(a, b), b)).toBe(true)
      expect(contains(union(a, missing(a, b)), b)).toBe(true)
    })
  })

  it('tells the compiler what it found', () => {
    const granted: readonly Scope.Scope[] = ['UserRead', 'BuzzRead']
    expect(Scope.holds(granted, 'BuzzRead', 'UserRead')).toBe(true)
    expect(Scope.holds(granted, 'BuzzRead', 'AIServicesWrite')).toBe(false)
    expect(Scope.holds(granted)).toBe(true)
  })
})
