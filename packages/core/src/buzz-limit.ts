/**
 * Buzz limits: how much of a person's buzz an app may spend. A list of budgets, every one of which must have room; none
 * is no cap. The words people read are in `buzz-limit-text.ts`.
 *
 * Source: Civitai's buzz limits page.
 */
import * as Cron from './cron.ts'

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
      /** Five fields, UTC: when the budget begins anew. */
      readonly cron: string
      readonly currencies?: readonly string[]
    }

export type BuzzLimit = readonly Budget[]

/** What is wrong, and where: `[0].limit`, or the empty path for the whole. */
export interface Problem {
  readonly path: string
  readonly message: string
}

export type Parsed =
  | { readonly _tag: 'BuzzLimit'; readonly limit: BuzzLimit }
  | { readonly _tag: 'Invalid'; readonly problems: readonly Problem[] }

/** More budgets than anybody can mean. */
export const budgetLimit = 20

type Rule = (value: unknown) => string | undefined

const wholeAboveZero: Rule = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0 ? undefined : 'Give a whole number above 0.'

const currencies: Rule = (value) =>
  value === undefined ||
  (Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => typeof one === 'string' && /^[A-Za-z][\w-]{0,31}$/.test(one)))
    ? undefined
    : 'Give a list with at least one currency, or leave it out for all of them.'

const cron: Rule = (value) => {
  const parsed = Cron.parse(typeof value === 'string' ? value : '')
  return parsed._tag === 'Cron' ? undefined : parsed.reason
}

const window: Rule = (value) =>
  (slidingUnits as readonly unknown[]).includes(value) ? undefined : `Give one of ${slidingUnits.join(', ')}.`

/** The fields of each kind of budget, and the rule for each. A field that is not listed here is a problem. */
const shapes: Readonly<Record<Budget['type'], Readonly<Record<string, Rule>>>> = {
  absolute: { limit: wholeAboveZero, currencies },
  sliding: { limit: wholeAboveZero, unit: wholeAboveZero, window, currencies },
  rollover: { limit: wholeAboveZero, cron, currencies },
}

const problemsOf = (value: unknown, path: string): readonly Problem[] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ path, message: 'Give a budget: an object with a type and a limit.' }]
  const { type, ...fields } = value as { readonly [field: string]: unknown }
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type))
    return [{ path: `${path}.type`, message: `Give one of ${Object.keys(shapes).join(', ')}.` }]
  const shape = shapes[type as Budget['type']]
  return [
    ...Object.entries(shape).flatMap(([field, rule]) => {
      const message = rule(fields[field])
      return message === undefined ? [] : [{ path: `${path}.${field}`, message }]
    }),
    ...Object.keys(fields)
      .filter((field) => !Object.hasOwn(shape, field))
      .map((field) => ({ path: `${path}.${field}`, message: `A budget of type ${type} has no such field.` })),
  ]
}

/** Checks a value of any shape, and lists every problem at once. `null` is no cap, like the empty list. */
export const parse = (value: unknown): Parsed => {
  const invalid = (problems: readonly Problem[]): Parsed => ({ _tag: 'Invalid', problems })
  const list: unknown = value ?? []
  if (!Array.isArray(list)) return invalid([{ path: '', message: 'Give a list of budgets. An empty one is no cap.' }])
  if (list.length > budgetLimit) return invalid([{ path: '', message: `Give ${budgetLimit} budgets at the most.` }])
  const problems = list.flatMap((budget, index) => problemsOf(budget, `[${index}]`))
  return problems.length > 0 ? invalid(problems) : { _tag: 'BuzzLimit', limit: list as BuzzLimit }
}

/** What a form says about the limit: a new one, something wrong, or nothing, so that what stands is kept. */
export type ParsedField = Parsed | { readonly _tag: 'Unchanged' }

/** Reads the `buzz_limit` parameter, which is JSON. Only `[]` or `null` takes a limit away: absent or empty keeps it. */
export const parseJson = (text: string | null | undefined): ParsedField => {
  if (!text) return { _tag: 'Unchanged' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { _tag: 'Invalid', problems: [{ path: '', message: 'This is not JSON.' }] }
  }
  return parse(value)
}

/** The three windows of the consent page. */
export const offered = [
  { label: '24 hours', unit: 24, window: 'hour' },
  { label: '7 days', unit: 7, window: 'day' },
  { label: '30 days', unit: 30, window: 'day' },
] as const satisfies readonly { readonly label: string; readonly unit: number; readonly window: SlidingUnit }[]

/** The limit a person chose on the consent page: so much per 24 hours, 7 days or 30 days. */
export const perWindow = (amount: number, label: (typeof offered)[number]['label']): Parsed => {
  const choice = offered.find((one) => one.label === label)
  return parse([{ type: 'sliding', limit: amount, unit: choice?.unit, window: choice?.window }])
}
