/**
 * Civitai's scopes: typed names here, one decimal bitmask on the wire.
 *
 * A set of scopes is a readonly array of names in bit order, without repeats. Everything in this file returns sets of
 * that form and accepts names in any order. Bits nobody has named yet are kept as `Bit28`, so a set read from the wire
 * goes back to the wire unchanged.
 *
 * Source: Civitai's public scopes page; bits 25 to 27 as observed.
 */

/** Bits 0 to 24, in order. Together they are Full Access. */
export const names = [
  'UserRead',
  'UserWrite',
  'ModelsRead',
  'ModelsWrite',
  'ModelsDelete',
  'MediaRead',
  'MediaWrite',
  'MediaDelete',
  'ArticlesRead',
  'ArticlesWrite',
  'ArticlesDelete',
  'BountiesRead',
  'BountiesWrite',
  'BountiesDelete',
  'AIServicesRead',
  'AIServicesWrite',
  'BuzzRead',
  'CollectionsRead',
  'CollectionsWrite',
  'SocialWrite',
  'SocialTip',
  'NotificationsRead',
  'NotificationsWrite',
  'VaultRead',
  'VaultWrite',
] as const

/** Bits 25 to 27: opt-in, outside Full Access, undocumented. */
export const observedNames = ['AppBlocksSubmit', 'AppBlocksDevTunnel', 'LinkConnect'] as const

export type ScopeName = (typeof names)[number]
export type ObservedScopeName = (typeof observedNames)[number]
/** Any scope that can stand in a token: a documented name, an observed one, or a bit without a name. */
export type Scope = ScopeName | ObservedScopeName | `Bit${number}`

/** Every token holds it, asked for or not. */
export const baseline: ScopeName = 'UserRead'
/** These let an app spend the person's buzz. */
export const spendsBuzz: readonly ScopeName[] = ['AIServicesWrite', 'BountiesWrite']
/** Of those, the ones a buzz limit covers. */
export const underBuzzLimit: readonly ScopeName[] = ['AIServicesWrite']
/** These let an app delete what the person made. */
export const deletes: readonly ScopeName[] = ['ModelsDelete', 'MediaDelete', 'ArticlesDelete', 'BountiesDelete']
/** Granting it does nothing yet. */
export const reserved: readonly ScopeName[] = ['SocialTip']

/** Bits 0 to 255 can be told apart; far beyond any bit that was ever seen. */
const bits = 256
const all: readonly string[] = [...names, ...observedNames]

/** The bit a scope stands for, or -1 for what is no scope. */
export const bitOf = (scope: string): number => {
  const bit = all.indexOf(scope)
  if (bit >= 0) return bit
  const unnamed = /^Bit([1-9]\d\d?)$/.exec(scope)
  const number = Number(unnamed?.[1])
  return number >= all.length && number < bits ? number : -1
}

/** True for anything that can stand in a token: documented, observed, or a bit without a name. */
export const isScope = (value: string): value is Scope => bitOf(value) >= 0

/** True for a documented name. */
export const isScopeName = (value: unknown): value is ScopeName => (names as readonly unknown[]).includes(value)

const toBits = (scopes: Iterable<string>): bigint => {
  let mask = 0n
  for (const scope of scopes) {
    const bit = bitOf(scope)
    if (bit >= 0) mask |= 1n << BigInt(bit)
  }
  return mask
}

const fromBits = (mask: bigint): Scope[] => {
  const scopes: Scope[] = []
  for (let bit = 0; mask >> BigInt(bit); bit++)
    if ((mask >> BigInt(bit)) & 1n) scopes.push((all[bit] ?? `Bit${bit}`) as Scope)
  return scopes
}

/** The set in bit order, without repeats or names that are no scope. */
export const setOf = (scopes: Iterable<string>): Scope[] => fromBits(toBits(scopes))

/**
 * Reads every form of `scope` seen on the wire: `"114689"`, `114689`, `["114689"]`. `undefined` for anything else;
 * never throws, never NaN. Bits without a name are kept, also beyond 2^53.
 */
export const parse = (wire: unknown): Scope[] | undefined => {
  const value: unknown = Array.isArray(wire) && wire.length === 1 ? wire[0] : wire
  const decimal = typeof value === 'number' && Number.isSafeInteger(value) ? `${value}` : value
  if (typeof decimal !== 'string' || !/^\d{1,78}$/.test(decimal)) return undefined
  const mask = BigInt(decimal)
  return mask >> BigInt(bits) ? undefined : fromBits(mask)
}

/** Reads names with spaces or commas between them, as people type them. `undefined` if one of them is no scope. */
export const parseNames = (text: string): Scope[] | undefined => {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  return words.every(isScope) ? setOf(words) : undefined
}

/** The decimal string that `scope` is on the wire. */
export const format = (scopes: Iterable<Scope>): string => `${toBits(scopes)}`

/** The number that `scope` is in some answers; `undefined` beyond 2^53, where a number would lose bits. */
export const toNumber = (scopes: Iterable<Scope>): number | undefined => {
  const number = Number(toBits(scopes))
  return Number.isSafeInteger(number) ? number : undefined
}

export const union = (a: Iterable<Scope>, b: Iterable<Scope>): Scope[] => fromBits(toBits(a) | toBits(b))
export const intersection = (a: Iterable<Scope>, b: Iterable<Scope>): Scope[] => fromBits(toBits(a) & toBits(b))
/** What is in `a` and not in `b`. */
export const difference = (a: Iterable<Scope>, b: Iterable<Scope>): Scope[] => fromBits(toBits(a) & ~toBits(b))
/** What `required` has and `granted` lacks. */
export const missing = (granted: Iterable<Scope>, required: Iterable<Scope>): Scope[] => difference(required, granted)

/** Carried by what is known to hold these scopes, and by nothing at run time. */
export interface Holds<R extends string> {
  readonly Holds: { readonly [scope in R]: true }
}

/** A set that is known to contain `R`: what a function asks for that must not run without them. */
export type Granted<R extends Scope> = readonly Scope[] & Holds<R>

/** True when all that is required was granted. */
export const contains = (granted: Iterable<Scope>, required: Iterable<Scope>): boolean =>
  missing(granted, required).length === 0

/** `contains`, for the compiler too: where it is true, the set counts as `Granted` with these scopes. */
export const holds = <R extends Scope>(granted: readonly Scope[], ...required: readonly R[]): granted is Granted<R> =>
  contains(granted, required)
