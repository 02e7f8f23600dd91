import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Cron, parse, previous } from '../src/cron.ts'
import { always } from './property.ts'

const cron = (text: string): Cron => {
  const parsed = parse(text)
  if (parsed._tag === 'Refused') throw new Error(parsed.reason)
  return parsed.cron
}
const reason = (text: string) => {
  const parsed = parse(text)
  return parsed._tag === 'Refused' ? parsed.reason : undefined
}
const before = (text: string, at: string) => {
  const found = previous(cron(text), Date.parse(at))
  return found === undefined ? undefined : new Date(found).toISOString()
}

describe('the last time a schedule came round', () => {
  it.each([
    ['* * * * *', '2026-11-21T12:34:56.789Z', '2026-11-21T12:34:00.000Z'],
    ['0 0 * * *', '2026-11-21T00:00:00Z', '2026-11-21T00:00:00.000Z'],
    ['0 0 * * *', '2026-11-20T23:59:59.999Z', '2026-11-20T00:00:00.000Z'],
    ['30 12 * * *', '2026-11-21T12:29:59Z', '2026-11-20T12:30:00.000Z'],
    ['30 12 * * *', '2026-11-21T12:30:00Z', '2026-11-21T12:30:00.000Z'],
    ['30 12 * * *', '2026-11-21T13:05:00Z', '2026-11-21T12:30:00.000Z'],
    ['*/15 * * * *', '2026-11-21T12:44:00Z', '2026-11-21T12:30:00.000Z'],
    ['5-20/5 * * * *', '2026-11-21T12:59:00Z', '2026-11-21T12:20:00.000Z'],
    ['10,50 8-10 * * *', '2026-11-21T09:49:00Z', '2026-11-21T09:10:00.000Z'],
    ['10,50 8-10 * * *', '2026-11-21T09:09:00Z', '2026-11-21T08:50:00.000Z'],
    ['0 0 1 * *', '2026-11-21T12:00:00Z', '2026-11-01T00:00:00.000Z'],
    ['0 0 31 * *', '2026-11-21T12:00:00Z', '2026-10-31T00:00:00.000Z'],
    ['0 0 * * 1', '2026-11-21T12:00:00Z', '2026-11-16T00:00:00.000Z'],
    ['0 0 * * 0', '2026-11-21T12:00:00Z', '2026-11-15T00:00:00.000Z'],
    ['0 0 * * 7', '2026-11-21T12:00:00Z', '2026-11-15T00:00:00.000Z'],
    ['0 0 * * 6-7', '2026-11-21T12:00:00Z', '2026-11-21T00:00:00.000Z'],
    ['0 0 1 1 *', '2026-11-21T12:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['0 0 29 2 *', '2103-12-31T00:00:00Z', '2096-02-29T00:00:00.000Z'],
    ['59 23 31 12 *', '2026-01-01T00:00:00Z', '2025-12-31T23:59:00.000Z'],
    [' 0  0 1 * * ', '1969-12-31T00:00:00Z', '1969-12-01T00:00:00.000Z'],
  ])('%s at %s was %s', (text, at, expected) => {
    expect(before(text, at)).toBe(expected)
  })

  it('needs either day field if both are restricted, both if one is a star', () => {
    expect(before('0 0 1 * 1', '2026-11-21T12:00:00Z')).toBe('2026-11-16T00:00:00.000Z')
    expect(before('0 0 20 * 1', '2026-11-21T12:00:00Z')).toBe('2026-11-20T00:00:00.000Z')
    expect(before('0 0 */2 * 1', '2026-11-21T12:00:00Z')).toBe('2026-11-09T00:00:00.000Z')
    expect(before('0 0 13 * */5', '2026-11-21T12:00:00Z')).toBe('2026-11-13T00:00:00.000Z')
  })

  it('is never later than asked, falls on the schedule, and leaves nothing out between', () => {
    const field = (low: number, high: number) =>
      fc.oneof(fc.constant('*'), fc.integer({ min: low, max: high }).map(String))
    const text = fc
      .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7))
      .map((fields) => fields.join(' '))
    const time = fc.integer({ min: 0, max: Date.UTC(2100, 0) })
    always([text, time], (text, at) => {
      const schedule = cron(text)
      const last = previous(schedule, at) as number
      expect(last).toBeLessThanOrEqual(at)
      expect(previous(schedule, last)).toBe(last)
      const date = new Date(last)
      expect(schedule.minutes.has(date.getUTCMinutes()) && schedule.hours.has(date.getUTCHours())).toBe(true)
      expect(schedule.months.has(date.getUTCMonth() + 1)).toBe(true)
      const between = last + Math.floor((at - last) / 2)
      expect(previous(schedule, between)).toBe(last)
    })
  })
})

describe('a schedule that is none', () => {
  it('is refused with what to write', () => {
    const five = 'Write five fields: minute, hour, day of month, month, day of week. Times are UTC.'
    for (const text of ['', '* * * *', '* * * * * *', '@daily']) expect(reason(text)).toBe(five)
    const minute = 'The minute is a number from 0 to 59, a range a-b, or *; also in a list.'
    for (const part of [
      '60',
      '-1',
      '1-',
      '5-4',
      '1,',
      ',',
      'x',
      '1x',
      '*x',
      '*/0',
      '1/2',
      '1-2-3',
      '*/',
      '1.5',
      '100',
      '0-60',
      'x5',
    ])
      expect([part, reason(`${part} * * * *`)]).toEqual([part, minute])
    expect(reason('* 24 * * *')).toMatch(/^The hour is a number from 0 to 23/)
    expect(reason('* * 0 * *')).toMatch(/^The day of month is a number from 1 to 31/)
    expect(reason('* * 32 * *')).toMatch(/^The day of month/)
    expect(reason('* * * 0 *')).toMatch(/^The month is a number from 1 to 12/)
    expect(reason('* * * JAN *')).toMatch(/^The month/)
    expect(reason('* * * 13 *')).toMatch(/^The month/)
    expect(reason('* * * * 8')).toMatch(/^The day of week is a number from 0 to 7/)
    expect(reason('* * * * MON')).toMatch(/^The day of week/)
  })

  it('is refused if its day never comes', () => {
    expect(reason('0 0 30 2 *')).toBe('That day never comes.')
    expect(reason('0 0 31 4,6,9,11 *')).toBe('That day never comes.')
    expect(reason('0 0 29 2 *')).toBeUndefined()
  })

  it('never throws, whatever is written', () => {
    always([fc.string()], (text) => void parse(text))
    const part = fc.stringMatching(/^[\d*,/-]{0,6}$/)
    always([fc.tuple(part, part, part, part, part)], (parts) => {
      const parsed = parse(parts.join(' '))
      if (parsed._tag === 'Cron') expect(previous(parsed.cron, Date.UTC(2026, 0))).toBeTypeOf('number')
    })
  })
})

describe('the text of a schedule', () => {
  it('is kept with single spaces', () => {
    expect(parse('  0   0 *\t* * ')).toMatchObject({ _tag: 'Cron', cron: { text: '0 0 * * *' } })
  })
})
