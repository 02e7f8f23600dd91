/** Buzz limits in the words people read. */
import type { Budget, BuzzLimit } from './buzz-limit.ts'

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

const clock = (hour: string, minute: string) => `${hour.padStart(2, '0')}:${minute.padStart(2, '0')} UTC`

/** Common schedules as words; any other as it stands. */
export const describeCron = (cron: string): string => {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.trim().split(/\s+/)
  const fixed = (field: string) => /^\d+$/.test(field)
  if (fixed(minute) && month === '*') {
    if (hour === '*' && day === '*' && weekday === '*') return `every hour at minute ${minute}`
    if (fixed(hour) && day === '*' && weekday === '*') return `every day at ${clock(hour, minute)}`
    if (fixed(hour) && day === '*' && fixed(weekday))
      return `every ${weekdays[Number(weekday)]} at ${clock(hour, minute)}`
    if (fixed(hour) && fixed(day) && weekday === '*') return `on day ${day} of every month at ${clock(hour, minute)}`
  }
  return `on the schedule ${cron} (UTC)`
}

const period = (budget: Budget): string => {
  switch (budget.type) {
    case 'absolute':
      return 'in all'
    case 'sliding':
      return `in any ${budget.unit === 1 ? budget.window : `${budget.unit} ${budget.window}s`}`
    case 'rollover':
      return `until it begins anew ${describeCron(budget.cron)}`
  }
}

/** `At most 500 buzz in any 24 hours`, or with currencies `At most 500 buzz (blue or green) in all`. */
export const describe = (budget: Budget): string => {
  const currencies = budget.currencies ? ` (${budget.currencies.join(' or ')})` : ''
  return `At most ${budget.limit.toLocaleString('en-US')} buzz${currencies} ${period(budget)}`
}

/** The whole limit as one sentence. */
export const sentence = (limit: BuzzLimit | null): string =>
  limit === null || limit.length === 0 ? 'No limit on buzz.' : `${limit.map(describe).join('. ')}.`
