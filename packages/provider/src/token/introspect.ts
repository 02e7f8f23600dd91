/**
 * Token introspection: RFC 7662. A confidential app may ask about its own tokens; apps on the list, about any. What the
 * caller may not know is answered like what does not exist.
 */
import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import { json } from '../http/answer.ts'
import { bodyForm } from '../http/body.ts'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import { parseForm, required } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import { scopesIn } from '../scope-mask.ts'
import type { Services } from '../services.ts'
import { step } from '../storage/step.ts'
import { digest } from '../token.ts'
import { countingFailures } from './caller-limit.ts'
import { authenticateClient, credentialsOf } from './client-authentication.ts'
import { checkNothingSecretIn } from './token.ts'

const inactive = json(200, { active: false })
const seconds = (ms: number) => Math.floor(ms / 1000)

export const introspect = (services: Services, dialect: Dialect, list: readonly string[]) => {
  const { storage, clock, limits, profiles, issuer } = services
  return Effect.fnUntraced(function* (incoming: Incoming, query: string): Effect.fn.Return<Outgoing, Refusal> {
    if (!profiles.has('introspection')) return yield* refuse('NotFound')
    yield* checkNothingSecretIn(query)
    const form = yield* parseForm(yield* bodyForm(incoming))
    const credentials = yield* credentialsOf(incoming, form)
    const app = yield* authenticateClient(services, dialect, credentials).pipe(
      Effect.flatMap((found) =>
        found.type === 'confidential'
          ? Effect.succeed(found)
          : refuse('ClientAuthenticationFailed', 'Only confidential apps may ask.'),
      ),
      countingFailures(services, 'introspect', credentials, incoming),
    )
    yield* limits.check('introspect', app.clientId)
    const text = yield* required(form, 'token')
    const token = yield* step(() => storage.tokens.find(digest(text), clock.now()))
    // Another dialect's scopes would read as other permissions of this one.
    if (token?.dialect !== dialect.name) return inactive
    if (token.clientId !== app.clientId && !list.includes(app.clientId)) return inactive
    return json(200, {
      active: true,
      iss: issuer,
      client_id: token.clientId,
      sub: String(token.person.id),
      username: token.person.username,
      scope: dialect.scopes.format(scopesIn(dialect, token.scopes)),
      token_type: 'Bearer',
      iat: seconds(token.issuedAt),
      exp: seconds(token.expiresAt),
    })
  })
}
