import { describe, expect, it } from 'vitest'
import { capsFor, capsOf } from '../src/buzz-caps.ts'

const now = Date.UTC(2026, 10, 22)
const day = 86_400_000

describe('how far back a budget looks', () => {
  it.each([
    ['so much in all', { type: 'absolute', limit: 5 }, null],
    ['so much a day', { type: 'sliding', limit: 5, unit: 1, window: 'day' }, now - day + 1],
    ['so much each month', { type: 'rollover', limit: 5, cron: '0 0 1 * *' }, Date.UTC(2026, 10, 1)],
    [
      'H4 a window longer than any database counts',
      { type: 'sliding', limit: 5, unit: 2 ** 53 - 1, window: 'month' },
      null,
    ],
  ] as const)('%s', (_, budget, since) => {
    expect(capsOf([budget], now)).toEqual([{ limit: 5, since, currencies: null }])
  })

  it('only budgets of that currency count for a spend', () => {
    const yellow = { type: 'absolute', limit: 1, currencies: ['yellow'] } as const
    expect(capsFor([yellow, { type: 'absolute', limit: 2 }], 'blue', now).map(({ limit }) => limit)).toEqual([2])
  })
})
