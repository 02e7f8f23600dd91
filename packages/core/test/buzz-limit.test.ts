import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Budget, budgetLimit, offered, parse, parseJson, perWindow, slidingUnits } from '../src/buzz-limit.ts'
import { always } from './property.ts'

const paths = (value: unknown) => {
  const parsed = parse(value)
  return parsed._tag === 'Invalid' ? parsed.problems.map(({ path }) => path) : []
}
const messages = (value: unknown) => {
  const parsed = parse(value)
  return parsed._tag === 'Invalid' ? parsed.problems.map(({ message }) => message) : []
}
const sliding = { type: 'sliding', limit: 500, unit: 24, window: 'hour' }

describe('a buzz limit', () => {
  it('is a list of the three kinds of budget', () => {
    const limit = [
      { type: 'absolute', limit: 1000, currencies: ['blue', 'green'] },
      sliding,
      { type: 'rollover', limit: 1, cron: '0 0 * * 1', currencies: ['yellow'] },
    ]
    expect(parse(limit)).toEqual({ _tag: 'BuzzLimit', limit })
    expect(parseJson(JSON.stringify(limit))).toEqual({ _tag: 'BuzzLimit', limit })
  })

  it('knows every window of the contract', () => {
    for (const window of ['second', 'minute', 'hour', 'day', 'week', 'month'])
      expect(paths([{ ...sliding, window }])).toEqual([])
    expect(slidingUnits).toHaveLength(6)
  })

  it('is no cap when it is absent or empty', () => {
    for (const nothing of [null, undefined, []]) expect(parse(nothing)).toEqual({ _tag: 'BuzzLimit', limit: [] })
    for (const nothing of ['[]', 'null']) expect(parseJson(nothing)).toEqual({ _tag: 'BuzzLimit', limit: [] })
  })

  it('U4 is left as it stands by a form that says nothing about it', () => {
    for (const unsaid of [null, undefined, '']) expect(parseJson(unsaid)).toEqual({ _tag: 'Unchanged' })
  })

  it('says where the problem is, and lists them all', () => {
    expect(
      parse([
        { type: 'absolute', limit: 0 },
        { ...sliding, unit: 1.5, window: 'year', extra: 1 },
      ]),
    ).toEqual({
      _tag: 'Invalid',
      problems: [
        { path: '[0].limit', message: 'Give a whole number above 0.' },
        { path: '[1].unit', message: 'Give a whole number above 0.' },
        { path: '[1].window', message: 'Give one of second, minute, hour, day, week, month.' },
        { path: '[1].extra', message: 'A budget of type sliding has no such field.' },
      ],
    })
  })

  it('takes whole numbers above 0 only', () => {
    for (const limit of [0, -1, 1.5, NaN, Infinity, 2 ** 53, '5', null, undefined])
      expect(paths([{ type: 'absolute', limit }])).toEqual(['[0].limit'])
    expect(paths([{ type: 'absolute', limit: 1 }])).toEqual([])
  })

  it('takes a list of currencies, or none at all', () => {
    for (const currencies of [
      [],
      [''],
      [1],
      [true],
      [null],
      ['blue', ' '],
      'blue',
      null,
      ['x'.repeat(33)],
      ['1blue'],
      [' blue'],
    ])
      expect(messages([{ type: 'absolute', limit: 1, currencies }])).toEqual([
        'Give a list with at least one currency, or leave it out for all of them.',
      ])
    expect(paths([{ type: 'absolute', limit: 1, currencies: ['x'.repeat(32), 'a-b_C9'] }])).toEqual([])
  })

  it('says what is wrong with a schedule', () => {
    expect(messages([{ type: 'rollover', limit: 1, cron: '60 * * * *' }])).toEqual([
      'The minute is a number from 0 to 59, a range a-b, or *; also in a list.',
    ])
    expect(messages([{ type: 'rollover', limit: 1, cron: 5 }])[0]).toMatch(/^Write five fields/)
    expect(messages([{ type: 'rollover', limit: 1, cron: '0 0 30 2 *' }])).toEqual(['That day never comes.'])
  })

  it('refuses what is no budget', () => {
    for (const budget of [null, 1, 'x', [], undefined])
      expect(parse([budget])).toEqual({
        _tag: 'Invalid',
        problems: [{ path: '[0]', message: 'Give a budget: an object with a type and a limit.' }],
      })
    for (const type of [undefined, 'daily', 'toString', 1])
      expect(parse([{ type, limit: 1 }])).toEqual({
        _tag: 'Invalid',
        problems: [{ path: '[0].type', message: 'Give one of absolute, sliding, rollover.' }],
      })
  })

  it('refuses what is no list, is no JSON, or is far too long', () => {
    const whole = (message: string) => ({ _tag: 'Invalid', problems: [{ path: '', message }] })
    for (const value of [{}, 5, 'x', true])
      expect(parse(value)).toEqual(whole('Give a list of budgets. An empty one is no cap.'))
    expect(parseJson('{')).toEqual(whole('This is not JSON.'))
    const budgets = (count: number) => Array.from({ length: count }, () => sliding)
    expect(parse(budgets(budgetLimit))._tag).toBe('BuzzLimit')
    expect(parse(budgets(budgetLimit + 1))).toEqual(whole('Give 20 budgets at the most.'))
  })

  it('never throws, and what it accepts survives JSON', () => {
    always([fc.anything()], (value) => void parse([value]))
    always([fc.string()], (text) => void parseJson(text))
    always(
      [fc.array(fc.record({ type: fc.constant('absolute'), limit: fc.integer({ min: 1 }) }), { maxLength: 5 })],
      (limit) => {
        expect(parseJson(JSON.stringify(limit))).toEqual({ _tag: 'BuzzLimit', limit })
      },
    )
  })
})

describe('the consent page', () => {
  it('offers an amount per 24 hours, 7 days or 30 days', () => {
    expect(offered.map(({ label }) => label)).toEqual(['24 hours', '7 days', '30 days'])
    const chosen = offered.map(({ label }) => perWindow(500, label))
    const budget = (unit: number, window: string) => ({
      _tag: 'BuzzLimit',
      limit: [{ type: 'sliding', limit: 500, unit, window } as Budget],
    })
    expect(chosen).toEqual([budget(24, 'hour'), budget(7, 'day'), budget(30, 'day')])
  })

  it('refuses an amount or a window that is none', () => {
    expect(perWindow(0, '7 days')).toMatchObject({ problems: [{ path: '[0].limit' }] })
    expect(perWindow(5, 'year' as '7 days')).toMatchObject({ problems: [{ path: '[0].unit' }, { path: '[0].window' }] })
  })
})
