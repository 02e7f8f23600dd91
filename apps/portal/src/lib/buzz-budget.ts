/** Buzz limits in words, and ready-made ones. */
import { BuzzLimit } from '@civitai-oauth/core'

export const periods = BuzzLimit.offered

/** Ready-made amounts, for browsers without JavaScript. */
export const amounts = [500, 1_000, 5_000, 10_000] as const

/** What `buzz_limit` is on the wire when there is none. */
export const noLimit = '[]'

/** The wire form of so much per period; `null` for an amount that is not a whole number above 0. */
export const wireOf = (amount: number | null, period: string): string | null => {
  const offered = periods.find(({ label }) => label === period)
  const parsed = offered && amount !== null ? BuzzLimit.perWindow(amount, offered.label) : null
  return parsed?._tag === 'BuzzLimit' ? JSON.stringify(parsed.limit) : null
}

export const buzz = (amount: number): string => `${amount.toLocaleString('en-GB')} Buzz`

const budgetInWords = (budget: BuzzLimit.Budget): string => {
  switch (budget.type) {
    case 'absolute':
      return `${buzz(budget.limit)} in all`
    case 'sliding':
      return `${buzz(budget.limit)} in ${budget.unit} ${budget.window}${budget.unit === 1 ? '' : 's'}`
    case 'rollover':
      return `${buzz(budget.limit)}, renewed on the schedule ${budget.cron}`
  }
}

/** Every budget holds at once. */
export const inWords = (limit: BuzzLimit.BuzzLimit | null): string =>
  limit && limit.length > 0 ? limit.map(budgetInWords).join(', and ') : 'no limit'
