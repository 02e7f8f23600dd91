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
export const spendsBuzz: readonly Scope[] = ['AIServicesWrite', 'BountiesWrite']
/** Of those, the ones a buzz limit covers. */
export const underBuzzLimit: readonly Scope[] = ['AIServicesWrite']
/** Granting it does nothing yet. */
export const reserved: readonly Scope[] = ['SocialTip']

const all: readonly string[] = [...names, ...observedNames]

/** The bit a scope stands for, or -1 for what is no scope. */
export const bitOf = (scope: string): number => {
  const bit = all.indexOf(scope)
  if (bit >= 0) return bit
  const unnamed = /^Bit([1-9]\d{1,2})$/.exec(scope)
  return unnamed && Number(unnamed[1]) >= all.length ? Number(unnamed[1]) : -1
}

const toBits = (scopes: Iterable<string>): bigint => {
  let bits = 0n
  for (const scope of scopes) {
    const bit = bitOf(scope)
    if (bit >= 0) bits |= 1n << BigInt(bit)
  }
  return bits
}

const fromBits = (bits: bigint): Scope[] => {
  const scopes: Scope[] = []
  for (let bit = 0; bits > 0n; bit++, bits >>= 1n) if (bits & 1n) scopes.push((all[bit] ?? `Bit${bit}`) as Scope)
  return scopes
}

/** True for a documented name. */
export const isScopeName = (value: unknown): value is ScopeName => (names as readonly unknown[]).includes(value)

/** The set in bit order, without repeats or names that are no scope. */
export const setOf = (scopes: Iterable<string>): Scope[] => fromBits(toBits(scopes))

/**
 * Reads every form of `scope` seen on the wire: `"114689"`, `114689`, `["114689"]`. `undefined` for anything else;
 * never throws, never NaN. Bits without a name are kept.
 */
export const parse = (wire: unknown): Scope[] | undefined => {
  const value = Array.isArray(wire) && wire.length === 1 ? wire[0] : wire
  if (typeof value === 'number' ? !Number.isSafeInteger(value) || value < 0 : !/^\d{1,40}$/.test(String(value))) return
  return typeof value === 'number' || typeof value === 'string' ? fromBits(BigInt(value)) : undefined
}

/** The decimal string that `scope` is on the wire. */
export const format = (scopes: Iterable<Scope>): string => String(toBits(scopes))

export const union = (a: Iterable<Scope>, b: Iterable<Scope>): Scope[] => fromBits(toBits(a) | toBits(b))
export const intersection = (a: Iterable<Scope>, b: Iterable<Scope>): Scope[] => fromBits(toBits(a) & toBits(b))
/** What is in `a` and not in `b`. */
export const difference = (a: Iterable<Scope>, b: Iterable<Scope>): Scope[] => fromBits(toBits(a) & ~toBits(b))
/** What `required` has and `granted` lacks. */
export const missing = (granted: Iterable<Scope>, required: Iterable<Scope>): Scope[] => difference(required, granted)
export const contains = (granted: Iterable<Scope>, required: Iterable<Scope>): boolean =>
  missing(granted, required).length === 0
