/** A buzz limit as caps: how much may have been spent since when. The arithmetic of time is core's. */
import * as BuzzBudget from '@civitai-oauth/core/buzz-budget'
import type { BuzzLimit } from '@civitai-oauth/core/buzz-limit'
import type { Cap } from './storage/wallet.ts'

const capOf = (budget: BuzzLimit[number], now: number): Cap => {
  const since = BuzzBudget.horizon([budget], now)
  // Nothing was spent before 1970, and no database counts as far back as a window can be long.
  return { limit: budget.limit, since: since > 0 ? since : null, currencies: budget.currencies ?? null }
}

/** One for each budget, in order. */
export const capsOf = (limit: BuzzLimit | null, now: number): readonly Cap[] =>
  (limit ?? []).map((budget) => capOf(budget, now))

/** Those that a spend in this currency must fit. */
export const capsFor = (limit: BuzzLimit | null, currency: string, now: number): readonly Cap[] =>
  capsOf(limit, now).filter(({ currencies }) => currencies?.includes(currency) ?? true)
