/**
 * Scopes as kept: one number a set, so that every engine can intersect two of them inside a statement. A dialect's
 * scope stands at its place in `scopeOrder`; for Civitai that is its bit on the wire.
 */
import type { Dialect, DialectName } from '@civitai-oauth/core/dialect'
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import { quaily } from '@civitai-oauth/core/dialects/quaily'
import { observedNames } from '@civitai-oauth/core/scope'

const orders: Readonly<Record<DialectName, readonly string[]>> = {
  civitai: [...civitai.scopes.names, ...observedNames],
  quaily: quaily.scopes.names,
}

/** Every scope that can be kept, each at its place. */
export const scopeOrder = (dialect: Dialect): readonly string[] => orders[dialect.name]

export const maskOf = (dialect: Dialect, scopes: Iterable<string>): number => {
  const order = scopeOrder(dialect)
  let mask = 0
  for (const scope of scopes) {
    const place = order.indexOf(scope)
    if (place >= 0) mask |= 1 << place
  }
  return mask
}

export const scopesIn = (dialect: Dialect, mask: number): readonly string[] =>
  scopeOrder(dialect).filter((_, place) => (mask & (1 << place)) !== 0)

export const covers = (held: number, wanted: number): boolean => (wanted & ~held) === 0
