/** What stands at a path, and how its errors look. */
import type * as Effect from 'effect/Effect'
import type { Incoming, Outgoing } from './exchange.ts'
import type { Refusal } from './refusal.ts'

/** The places where a fault can be injected, a limit set and a request counted. */
export type RouteName =
  | 'authorize'
  | 'token'
  | 'revoke'
  | 'userinfo'
  | 'device'
  | 'device-token'
  | 'introspect'
  | 'me'
  | 'buzz'
  | 'workflows'
  | 'blob'
  | 'discovery'
  | 'quaily'
  | 'legacy'
  | 'health'

/** `segments` are what stood in the path's `:names`, decoded. */
export type Handler = (
  incoming: Incoming,
  query: string,
  segments: readonly string[],
) => Effect.Effect<Outgoing, Refusal>

export interface Route {
  readonly name: RouteName
  readonly methods: Readonly<Record<string, Handler>>
  /** How a refusal is written for this caller. */
  readonly refused: (refused: Refusal, incoming: Incoming) => Outgoing
  /**
   * A GET that went well, without anything in between: the answer as it is sent, or `null` for "take the long way", which
   * then says what is wrong. For paths that are asked more often than all others together.
   */
  readonly quick?: (incoming: Incoming) => Promise<Outgoing | null>
  /** Readable by any site's page. */
  readonly cors: boolean
}

/** A path, in which a segment may be a `:name`, and what stands there. */
export type Entry = readonly [path: string, route: Route]

export interface Found {
  readonly route: Route
  readonly segments: readonly string[]
}

/** `//token`, `/token/` and `/TOKEN` are nothing, and so dodge nothing. */
export type Routes = (path: string) => Found | undefined

/** Below a prefix where nothing else stands: nothing, said as its callers read it. */
export type Elsewhere = readonly [prefix: string, route: Route]

const nothing: readonly string[] = []

const decoded = (segments: readonly string[]): readonly string[] | undefined => {
  try {
    return segments.map(decodeURIComponent)
  } catch {
    return undefined
  }
}

export const routesOf = (entries: readonly Entry[], elsewhere: readonly Elsewhere[] = []): Routes => {
  const exact = new Map<string, Found>()
  const patterns: (readonly [RegExp, Route])[] = []
  for (const [path, route] of entries)
    if (path.includes('/:')) patterns.push([new RegExp(`^${path.replaceAll(/:[a-z]+/g, '([^/]+)')}$`), route])
    else exact.set(path, { route, segments: nothing })
  return (path) => {
    const found = exact.get(path)
    if (found) return found
    for (const [pattern, route] of patterns) {
      const matched = pattern.exec(path)
      const segments = matched && decoded(matched.slice(1))
      if (segments) return { route, segments }
    }
    const nowhere = elsewhere.find(([prefix]) => path.startsWith(prefix))
    return nowhere && { route: nowhere[1], segments: nothing }
  }
}
