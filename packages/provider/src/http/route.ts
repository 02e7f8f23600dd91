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
  | 'discovery'
  | 'health'

export type Handler = (incoming: Incoming, query: string) => Effect.Effect<Outgoing, Refusal>

export interface Route {
  readonly name: RouteName
  readonly methods: Readonly<Record<string, Handler>>
  /** How a refusal is written for this caller. */
  readonly refused: (refused: Refusal, incoming: Incoming) => Outgoing
  /** Readable by any site's page. */
  readonly cors: boolean
}

/** Exact paths only: `//token`, `/token/` and `/TOKEN` are nothing, and so dodge nothing. */
export type Routes = ReadonlyMap<string, Route>
