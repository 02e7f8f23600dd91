import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Spend, fits, horizon, left } from '../src/buzz-budget.ts'
import type { Budget, SlidingUnit } from '../src/buzz-limit.ts'
import * as Cron from '../src/cron.ts'
import { always } from './property.ts'

const hour = 3_600_000
const day = 24 * hour
const spent = (amount: number, at: number, currency = 'blue'): Spend => ({ amount, currency, at })
const daily: Budget = { type: 'sliding', limit: 100, unit: 1, window: 'day' }

describe('an absolute budget', () => {
  const budget: Budget = { type: 'absolute', limit: 100 }

  it('counts everything that was ever spent', () => {
    const history = [spent(60, 0), spent(30, 1000 * day)]
    expect(left(budget, history, 2000 * day)).toBe(10)
    expect(fits([budget], history, { amount: 10, currency: 'blue' }, 2000 * day)).toEqual({ _tag: 'Fits' })
    expect(fits([budget], history, { amount: 11, currency: 'blue' }, 2000 * day)).toEqual({
      _tag: 'Exceeds',
      budget,
      left: 10,
    })
  })

  it('has nothing left, rather than less, when it was lowered', () => {
    expect(left(budget, [spent(500, 0)], day)).toBe(0)
  })
})

describe('a sliding budget', () => {
  it('forgets what lies a whole window back, to the millisecond', () => {
    const history = [spent(100, 1000)]
    expect(left(daily, history, 1000 + day - 1)).toBe(0)
    expect(left(daily, history, 1000 + day)).toBe(100)
  })

  it('is as long as unit times window', () => {
    const lengths: Record<SlidingUnit, number> = {
      second: 1000,
      minute: 60_000,
      hour,
      day,
      week: 7 * day,
      month: 30 * day,
    }
    for (const [window, length] of Object.entries(lengths)) {
      const budget = { type: 'sliding', limit: 5, unit: 3, window: window as SlidingUnit } as const
      expect(left(budget, [spent(5, 0)], 3 * length - 1)).toBe(0)
      expect(left(budget, [spent(5, 0)], 3 * length)).toBe(5)
    }
  })
})

describe('a rollover budget', () => {
  const budget: Budget = { type: 'rollover', limit: 100, cron: '0 0 * * 1' }
  const monday = Date.UTC(2026, 10, 16)

  it('begins anew when its schedule comes round', () => {
    const history = [spent(100, monday - 1)]
    expect(left(budget, history, monday - 1)).toBe(0)
    expect(left(budget, history, monday)).toBe(100)
    expect(left(budget, [spent(40, monday)], monday + 3 * day)).toBe(60)
  })

  it('counts everything where its schedule is none: nothing is spent by mistake', () => {
    expect(left({ ...budget, cron: 'never' }, [spent(100, 0)], monday)).toBe(0)
  })
})

describe('currencies', () => {
  const blue: Budget = { type: 'absolute', limit: 10, currencies: ['blue', 'green'] }

  it('count only against budgets that cover them', () => {
    const history = [spent(6, 0, 'blue'), spent(3, 0, 'green'), spent(50, 0, 'yellow')]
    expect(left(blue, history, 1)).toBe(1)
    expect(fits([blue], history, { amount: 2, currency: 'yellow' }, 1)).toEqual({ _tag: 'Fits' })
    expect(fits([blue], history, { amount: 2, currency: 'green' }, 1)._tag).toBe('Exceeds')
  })

  it('are all covered where none is named', () => {
    expect(left({ type: 'absolute', limit: 100 }, [spent(6, 0, 'blue'), spent(50, 0, 'yellow')], 1)).toBe(44)
  })
})

describe('a spend', () => {
  it('fits where there is no budget', () => {
    expect(fits([], [spent(1e9, 0)], { amount: 1e9, currency: 'blue' }, 0)).toEqual({ _tag: 'Fits' })
  })

  it('must fit every budget; the first without room is named', () => {
    const total: Budget = { type: 'absolute', limit: 150 }
    const history = [spent(100, 0)]
    expect(fits([daily, total], history, { amount: 60, currency: 'blue' }, 2 * day)).toEqual({
      _tag: 'Exceeds',
      budget: total,
      left: 50,
    })
    expect(fits([daily, total], history, { amount: 60, currency: 'blue' }, 1)).toMatchObject({ budget: daily })
  })

  it('is whole and not negative', () => {
    for (const amount of [-1, 0.5, NaN, Infinity, 2 ** 53])
      expect(fits([], [], { amount, currency: 'blue' }, 0)).toEqual({ _tag: 'NotAnAmount' })
    expect(fits([{ type: 'absolute', limit: 1 }], [spent(1, 0)], { amount: 0, currency: 'blue' }, 0)._tag).toBe('Fits')
  })
})

describe('how far back to look', () => {
  it('is as far as the longest budget', () => {
    expect(horizon([], 5)).toBe(5)
    expect(horizon([daily], 10 * day)).toBe(9 * day + 1)
    expect(horizon([daily, { type: 'rollover', limit: 1, cron: '0 0 1 1 *' }], Date.UTC(2026, 5))).toBe(Date.UTC(2026))
    expect(horizon([daily, { type: 'absolute', limit: 1 }], 10 * day)).toBe(-Infinity)
  })
})

describe('whatever is spent, in whatever order', () => {
  const minutes = fc.integer({ min: 0, max: 20 * 24 * 60 }).map((minute) => Date.UTC(2026, 10, 1) + minute * 60_000)
  const spends = fc.array(
    fc.record({ amount: fc.integer({ min: 0, max: 60 }), currency: fc.constantFrom('blue', 'green'), at: minutes }),
    {
      maxLength: 30,
    },
  )
  const accept = (budget: Budget, wishes: readonly Spend[]): readonly Spend[] => {
    const history: Spend[] = []
    for (const wish of wishes) if (fits([budget], history, wish, wish.at)._tag === 'Fits') history.push(wish)
    return history
  }
  const total = (history: readonly Spend[], covered: (spend: Spend) => boolean) =>
    history.reduce((sum, spend) => sum + (covered(spend) ? spend.amount : 0), 0)

  it('no window of a sliding budget ever holds more than the limit', () => {
    const budget = fc.record({
      type: fc.constant('sliding' as const),
      limit: fc.integer({ min: 1, max: 100 }),
      unit: fc.integer({ min: 1, max: 5 }),
      window: fc.constantFrom<SlidingUnit>('minute', 'hour', 'day'),
      currencies: fc.constantFrom<readonly string[]>(['blue'], ['blue', 'green']),
    })
    always([budget, spends], (budget, wishes) => {
      const history = accept(budget, wishes)
      const length = budget.unit * { minute: 60_000, hour, day }[budget.window as 'day']
      // Every fullest window begins with a spend.
      for (const { at: start } of history)
        expect(
          total(
            history,
            ({ at, currency }) => at >= start && at < start + length && budget.currencies.includes(currency),
          ),
        ).toBeLessThanOrEqual(budget.limit)
    })
  })

  it('no period of a rollover budget ever holds more than the limit', () => {
    const budget = fc.record({
      type: fc.constant('rollover' as const),
      limit: fc.integer({ min: 1, max: 100 }),
      cron: fc.constantFrom('0 0 * * *', '30 6 * * 1', '*/20 * * * *', '0 0 5,6 * *'),
    })
    always([budget, spends], (budget, wishes) => {
      const history = accept(budget, wishes)
      const parsed = Cron.parse(budget.cron)
      if (parsed._tag === 'Refused') throw new Error(parsed.reason)
      const periods = new Map<number, number>()
      for (const { at, amount } of history) {
        const period = Cron.previous(parsed.cron, at) as number
        periods.set(period, (periods.get(period) ?? 0) + amount)
      }
      for (const sum of periods.values()) expect(sum).toBeLessThanOrEqual(budget.limit)
    })
  })

  it('an absolute budget never holds more than the limit, and refuses nothing that fits', () => {
    always([fc.integer({ min: 1, max: 500 }), spends], (limit, wishes) => {
      const budget: Budget = { type: 'absolute', limit }
      const history = accept(budget, wishes)
      expect(total(history, () => true)).toBeLessThanOrEqual(limit)
      const room = left(budget, history, 0)
      expect(fits([budget], history, { amount: room, currency: 'blue' }, 0)._tag).toBe('Fits')
      expect(fits([budget], history, { amount: room + 1, currency: 'blue' }, 0)._tag).toBe('Exceeds')
    })
  })

  it('looking back to the horizon is looking back far enough', () => {
    always([spends, minutes], (history, at) => {
      const limit: readonly Budget[] = [daily, { type: 'rollover', limit: 50, cron: '30 6 * * 1' }]
      const recent = history.filter((spend) => spend.at >= horizon(limit, at))
      const wish = { amount: 20, currency: 'blue' }
      expect(fits(limit, recent, wish, at)).toEqual(fits(limit, history, wish, at))
    })
  })
})
