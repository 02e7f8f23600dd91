/** Who an API call is for, and whether it may: RFC 6750. The token comes in the Authorization header and nowhere else. */
import * as Effect from 'effect/Effect'
import type { Incoming } from '../http/exchange.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import { dialects } from '../dialects.ts'
import { scopesIn } from '../scope-mask.ts'
import type { Services } from '../services.ts'
import { step } from '../storage/step.ts'
import type { LiveToken } from '../storage/tokens.ts'
import { digest } from '../token.ts'

export const bearerOf = (header: string | null): string | undefined =>
  /^bearer +([\w.~+/=-]{1,512}) *$/i.exec(header ?? '')?.[1]

const nothingSent = refuse('TokenInvalid', 'Send the access token as Authorization: Bearer.')
export const dead = refuse('TokenInvalid', 'The access token is unknown, expired or revoked.')

/** The hash of the token a request carries: what a storage knows it by. */
export const bearerHash = (incoming: Incoming): Uint8Array => digest(bearerOf(incoming.header('authorization')) ?? '')

/** The live token a request carries, holding `scope` of its dialect. */
export const bearer = Effect.fnUntraced(function* (
  { storage, clock }: Services,
  incoming: Incoming,
  dialect: keyof typeof dialects,
  scope: string,
): Effect.fn.Return<LiveToken, Refusal> {
  const text = bearerOf(incoming.header('authorization'))
  if (text === undefined) return yield* nothingSent
  const token = yield* step(() => storage.tokens.find(digest(text), clock.now()))
  if (token?.dialect !== dialect) return yield* dead
  const held = scopesIn(dialects[dialect], token.scopes)
  if (!dialects[dialect].scopes.contains(held, [scope]))
    return yield* refuse('ScopeInsufficient', `Token does not have ${scope} scope`)
  return token
})
