/**
 * Cron, as small and strict as a budget needs it: five fields, numbers only, UTC, one minute fine.
 *
 * `minute hour day-of-month month day-of-week`, each a list of `*`, `n`, `a-b`, with `/step` where there is a range. Day 7
 * is Sunday, like 0. If both day fields are restricted, either is enough, as in every crontab since Version 7.
 *
 * Source: crontab(5), POSIX crontab.
 */

/** A schedule that comes round. Only `parse` makes one. */
export interface Cron {
  readonly text: string
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly weekdays: ReadonlySet<number>
  /** Either day field is enough. */
  readonly eitherDay: boolean
}

export type Parsed =
  | { readonly _tag: 'Cron'; readonly cron: Cron }
  | { readonly _tag: 'Refused'; readonly reason: string }

const fields = [
  { name: 'minute', low: 0, high: 59 },
  { name: 'hour', low: 0, high: 23 },
  { name: 'day of month', low: 1, high: 31 },
  { name: 'month', low: 1, high: 12 },
  { name: 'day of week', low: 0, high: 7 },
] as const

type Field = (typeof fields)[number]

/** The values of one part of a field, or `undefined` if it is none. */
const valuesOf = (part: string, { low, high }: Field): number[] | undefined => {
  const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part)
  if (!match) return undefined
  const [, from = low, to = match[1] ?? high, step = 1] = match
  const [first, last, by] = [Number(from), Number(to), Number(step)]
  const single = match[1] !== undefined && match[2] === undefined
  if (first < low || last > high || first > last || by < 1 || (single && match[3] !== undefined)) return undefined
  const values: number[] = []
  for (let value = first; value <= last; value += by) values.push(value)
  return values
}

const dayMs = 86_400_000
/** The longest a schedule can pause: 29 February, over a century without a leap year. */
const longestPauseDays = 8 * 366

/** Reads a cron expression. The reason of a refusal names the field and what it may hold. */
export const parse = (text: string): Parsed => {
  const refuse = (reason: string): Parsed => ({ _tag: 'Refused', reason })
  const parts = text.trim().split(/\s+/)
  if (parts.length !== fields.length)
    return refuse('Write five fields: minute, hour, day of month, month, day of week. Times are UTC.')
  const sets: Set<number>[] = []
  for (const [index, field] of fields.entries()) {
    const values = (parts[index] as string).split(',').map((part) => valuesOf(part, field))
    if (values.includes(undefined))
      return refuse(
        `The ${field.name} is a number from ${field.low} to ${field.high}, a range a-b, or *; also in a list.`,
      )
    sets.push(new Set(values.flat() as number[]))
  }
  const [minutes, hours, days, months, weekdays] = sets as [
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
  ]
  if (weekdays.has(7)) weekdays.add(0)
  const eitherDay = !(parts[2] as string).startsWith('*') && !(parts[4] as string).startsWith('*')
  const cron: Cron = { text: parts.join(' '), minutes, hours, days, months, weekdays, eitherDay }
  if (previous(cron, Date.UTC(2000, 11, 31)) === undefined) return refuse('That day never comes.')
  return { _tag: 'Cron', cron }
}

const falls = (cron: Cron, day: Date): boolean => {
  const inMonth = cron.days.has(day.getUTCDate())
  const inWeek = cron.weekdays.has(day.getUTCDay())
  return cron.months.has(day.getUTCMonth() + 1) && (cron.eitherDay ? inMonth || inWeek : inMonth && inWeek)
}

const latest = (values: ReadonlySet<number>, atMost: number): number | undefined => {
  for (let value = atMost; value >= 0; value--) if (values.has(value)) return value
  return undefined
}

/** The last time at or before `at` that the schedule came round. Both in Unix milliseconds. */
export const previous = (cron: Cron, at: number): number | undefined => {
  const today = Math.floor(at / dayMs) * dayMs
  const minuteOfDay = Math.floor((at - today) / 60_000)
  for (let back = 0; back <= longestPauseDays; back++) {
    const day = today - back * dayMs
    if (!falls(cron, new Date(day))) continue
    const [hour, minute] = back === 0 ? [Math.floor(minuteOfDay / 60), minuteOfDay % 60] : [23, 59]
    // Within the hour itself up to the minute; in any earlier hour, its last minute.
    const now = cron.hours.has(hour) ? latest(cron.minutes, minute) : undefined
    if (now !== undefined) return day + (hour * 60 + now) * 60_000
    const earlier = latest(cron.hours, hour - 1)
    if (earlier !== undefined) return day + (earlier * 60 + (latest(cron.minutes, 59) as number)) * 60_000
  }
  return undefined
}
