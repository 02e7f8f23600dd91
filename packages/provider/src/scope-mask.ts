/**
 * Scopes as kept: one number a set, so that every engine can intersect two of them inside a statement. A dialect's
 * scope stands at its place in `dialect.scopes.names`; for Civitai that is its bit on the wire.
 */
import type { Dialect } from '@civitai-oauth/core/dialect'

export const maskOf = (dialect: Dialect, scopes: Iterable<string>): number => {
  let mask = 0
  for (const scope of scopes) {
    const place = dialect.scopes.names.indexOf(scope)
    if (place >= 0) mask |= 1 << place
  }
  return mask
}

export const scopesIn = (dialect: Dialect, mask: number): readonly string[] =>
  dialect.scopes.names.filter((_, place) => (mask & (1 << place)) !== 0)

export const covers = (held: number, wanted: number): boolean => (wanted & ~held) === 0
