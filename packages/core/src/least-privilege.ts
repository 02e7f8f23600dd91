/** A hint for owners and for people: which of the granted permissions an app never used. */
import type { Dialect } from './dialect.ts'

export interface Hint<S extends string> {
  /** Granted, never used, and not part of every token anyway. */
  readonly unused: readonly S[]
  /** One sentence for the owner, or `null` when there is nothing to give back. */
  readonly sentence: string | null
}

/** `used` is what API calls have needed so far; a scope also counts as used when one that was used implies it. */
export const hint = <S extends string>({ scopes }: Dialect<S>, granted: readonly S[], used: readonly S[]): Hint<S> => {
  const needed = scopes.withImplied([...used, ...scopes.baseline])
  const unused = scopes.setOf(granted.filter((scope) => !needed.includes(scope)))
  const words = unused.map((scope) => scopes.label(scope)).join('; ')
  return {
    unused,
    sentence: unused.length === 0 ? null : `Never used so far, and so perhaps not needed: ${words}.`,
  }
}
