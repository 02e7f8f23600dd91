/** Who an API call is for: a person's OAuth token, or an API key of theirs. Cookies never count here. */
import * as Effect from 'effect/Effect'
import { dialects } from '../dialects.ts'
import type { Incoming } from '../http/exchange.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import type { Person } from '../provider.ts'
import { scopesIn } from '../scope-mask.ts'
import type { Services } from '../services.ts'
import { step } from '../storage/step.ts'
import type { LiveToken } from '../storage/tokens.ts'
import { digest } from '../token.ts'

const { quaily } = dialects

export type Credential =
  | { readonly _tag: 'Token'; readonly person: Person; readonly token: LiveToken; readonly hash: Uint8Array }
  | { readonly _tag: 'ApiKey'; readonly person: Person }

const bearerOf = (header: string | null): string | undefined =>
  /^bearer +([\w.~+/=-]{1,512}) *$/i.exec(header ?? '')?.[1]

export const credential = Effect.fnUntraced(function* (
  { storage, clock }: Services,
  incoming: Incoming,
): Effect.fn.Return<Credential, Refusal> {
  const text = incoming.header('x-quail-key') ?? bearerOf(incoming.header('authorization'))
  if (text === undefined) return yield* refuse('NotSignedIn', 'Please log in.')
  const [hash, now] = [digest(text), clock.now()]
  if (text.startsWith('QK-')) {
    const person = yield* step(() => storage.apiKeys.use(hash, now))
    return person ? { _tag: 'ApiKey', person } : yield* refuse('TokenInvalid', 'The API key is unknown or was deleted.')
  }
  const token = yield* step(() => storage.tokens.find(hash, now))
  if (token?.dialect === 'quaily') return { _tag: 'Token', person: token.person, token, hash }
  const expired = yield* step(() => storage.tokens.hasExpired(hash, now))
  return yield* expired ? refuse('TokenExpired') : refuse('TokenInvalid', 'The access token is unknown or was revoked.')
})

/** What a token may do: what it was granted, less what only trusted apps may, if staff took that trust back since. */
export const heldBy = ({ scopes, trusted }: LiveToken): readonly string[] =>
  scopesIn(quaily, scopes).filter(
    (scope) => trusted || !(quaily.scopes.trustedOnly as readonly string[]).includes(scope),
  )

/** An API key may do what its person may; a token, what it holds. */
export const holding = Effect.fnUntraced(function* (
  services: Services,
  incoming: Incoming,
  scope: string,
): Effect.fn.Return<Credential, Refusal> {
  const found = yield* credential(services, incoming)
  if (found._tag === 'ApiKey') return found
  return quaily.scopes.contains(heldBy(found.token), [scope])
    ? found
    : yield* refuse('ScopeInsufficient', `Token does not have ${scope} scope`)
})

export const clientIdOf = (found: Credential): string | null => (found._tag === 'Token' ? found.token.clientId : null)
