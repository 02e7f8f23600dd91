import { describe, expect, it } from 'vitest'
import { describe as describeBudget, describeCron, sentence } from '../src/buzz-limit-text.ts'

describe('a budget in words', () => {
  it('says how much, of what, and per what', () => {
    expect(describeBudget({ type: 'absolute', limit: 1500 })).toBe('At most 1,500 buzz in all')
    expect(describeBudget({ type: 'sliding', limit: 500, unit: 24, window: 'hour' })).toBe(
      'At most 500 buzz in any 24 hours',
    )
    expect(describeBudget({ type: 'sliding', limit: 1, unit: 1, window: 'month' })).toBe('At most 1 buzz in any month')
    expect(describeBudget({ type: 'rollover', limit: 5, cron: '0 0 * * 1', currencies: ['blue', 'green'] })).toBe(
      'At most 5 buzz (blue or green) until it begins anew every Monday at 00:00 UTC',
    )
  })

  it('says common schedules in words, and others as they stand', () => {
    expect(describeCron('5 9 * * *')).toBe('every day at 09:05 UTC')
    expect(describeCron('15 * * * *')).toBe('every hour at minute 15')
    expect(describeCron('0 12 * * 0')).toBe('every Sunday at 12:00 UTC')
    expect(describeCron('0 12 * * 7')).toBe('every Sunday at 12:00 UTC')
    expect(describeCron(' 0  0 1 * * ')).toBe('on day 1 of every month at 00:00 UTC')
    const plain = [
      '*/5 * * * *',
      '0 0 1 1 *',
      '0 0 1 * 1',
      '0 * * * 1',
      '0 * 1 * *',
      '0 0 1,15 * *',
      '0 0 * * 1-5',
      '0 */2 * * *',
      '* 3 * * *',
      '',
    ]
    for (const cron of plain) expect(describeCron(cron)).toBe(`on the schedule ${cron} (UTC)`)
  })
})

describe('a limit in words', () => {
  it('is one sentence per budget', () => {
    expect(
      sentence([
        { type: 'absolute', limit: 10 },
        { type: 'sliding', limit: 5, unit: 7, window: 'day' },
      ]),
    ).toBe('At most 10 buzz in all. At most 5 buzz in any 7 days.')
  })

  it('says so when there is none', () => {
    expect([sentence(null), sentence([])]).toEqual(['No limit on buzz.', 'No limit on buzz.'])
  })
})
