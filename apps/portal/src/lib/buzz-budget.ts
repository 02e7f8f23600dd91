/** The buzz limits that a form offers. */
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
