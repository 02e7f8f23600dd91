/**
 * The arithmetic of buzz limits: whether a spend fits what was spent before.
 *
 * A sliding budget holds in *every* window of its length, a rollover budget in every period of its schedule. Spends that
 * carry a later time than the one asked about (two servers whose clocks differ) count too, so the order in which spends
 * arrive cannot open a gap.
 */
import type { Budget, BuzzLimit, SlidingUnit } from './buzz-limit.ts'
import * as Cron from './cron.ts'

export interface Spend {
  /** Whole buzz, 0 or more. */
  readonly amount: number
  readonly currency: string
  /** Unix milliseconds. */
  readonly at: number
}

export type Fit =
  | { readonly _tag: 'Fits' }
  /** `budget` is the first without room, and `left` what it still holds. */
  | { readonly _tag: 'Exceeds'; readonly budget: Budget; readonly left: number }
  | { readonly _tag: 'NotAnAmount' }

/** A month is 30 days, as on the consent page. */
const lengthMs: Record<SlidingUnit, number> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
}

/** The earliest time that counts against this budget at `at`: what was spent before is forgotten. */
const since: { readonly [T in Budget['type']]: (budget: Extract<Budget, { type: T }>, at: number) => number } = {
  absolute: () => -Infinity,
  // One millisecond after the window's start: two spends exactly one window apart are in no common window.
  sliding: ({ unit, window }, at) => at - unit * lengthMs[window] + 1,
  rollover: ({ cron }, at) => {
    const parsed = Cron.parse(cron)
    return parsed._tag === 'Cron' ? (Cron.previous(parsed.cron, at) as number) : -Infinity
  },
}

const sinceOf = (budget: Budget, at: number): number =>
  (since[budget.type] as (budget: Budget, at: number) => number)(budget, at)

const covers = ({ currencies }: Budget, currency: string): boolean => currencies?.includes(currency) ?? true

/** What a budget still holds at `at`, 0 at the least. */
export const left = (budget: Budget, history: Iterable<Spend>, at: number): number => {
  const from = sinceOf(budget, at)
  let spent = 0
  for (const spend of history) if (spend.at >= from && covers(budget, spend.currency)) spent += spend.amount
  return Math.max(0, budget.limit - spent)
}

/** Whether a spend at `at` fits every budget that covers its currency. */
export const fits = (
  limit: BuzzLimit,
  history: readonly Spend[],
  spend: { readonly amount: number; readonly currency: string },
  at: number,
): Fit => {
  if (!Number.isSafeInteger(spend.amount) || spend.amount < 0) return { _tag: 'NotAnAmount' }
  for (const budget of limit) {
    if (!covers(budget, spend.currency)) continue
    const room = left(budget, history, at)
    if (spend.amount > room) return { _tag: 'Exceeds', budget, left: room }
  }
  return { _tag: 'Fits' }
}

/** How far back the history must reach for `fits` at `at`: Unix milliseconds, or `-Infinity` for all of it. */
export const horizon = (limit: BuzzLimit, at: number): number =>
  limit.reduce((earliest, budget) => Math.min(earliest, sinceOf(budget, at)), at)
