/**
 * Buzz limits: how much of a person's buzz an app may spend. A list of budgets; none is no cap.
 *
 * Source: Civitai's buzz limits page.
 */

export const slidingUnits = ['second', 'minute', 'hour', 'day', 'week', 'month'] as const
export type SlidingUnit = (typeof slidingUnits)[number]

export type Budget =
  | { readonly type: 'absolute'; readonly limit: number; readonly currencies?: readonly string[] }
  | {
      readonly type: 'sliding'
      readonly limit: number
      /** How many windows long, e.g. 7 with `day`. */
      readonly unit: number
      readonly window: SlidingUnit
      readonly currencies?: readonly string[]
    }
  | {
      readonly type: 'rollover'
      readonly limit: number
      readonly cron: string
      readonly currencies?: readonly string[]
    }

export type BuzzLimit = readonly Budget[]
