/** `grant_type=client_credentials`: RFC 6749 section 4.4. The token acts as the app's owner; there is nothing to refresh. */
import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import type { Outgoing } from '../http/exchange.ts'
import type { Form } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import { isGrantable } from '../grantable.ts'
import { covers, maskOf } from '../scope-mask.ts'
import type { Services } from '../services.ts'
import type { KeptApp } from '../storage/apps.ts'
import { step } from '../storage/step.ts'
import { digest, mint } from '../token.ts'
import { stale } from './stale.ts'
import { tokenAnswer } from './token-answer.ts'

export const clientCredentials = (services: Services, dialect: Dialect) => {
  const { storage, clock, profiles } = services
  const baseline = maskOf(dialect, dialect.scopes.baseline)

  /** All that the app is registered for, unless it asks for less. */
  const scopesFor = (app: KeptApp, form: Form): Effect.Effect<number, Refusal> => {
    const wire = form.get('scope')
    if (wire === undefined) return Effect.succeed(app.scopes)
    const scopes = dialect.scopes.parse(wire)
    if (!scopes?.every((scope) => isGrantable(dialect, scope, profiles))) return refuse('ScopeInvalid')
    const wanted = maskOf(dialect, scopes) | baseline
    return covers(app.scopes, wanted)
      ? Effect.succeed(wanted)
      : refuse('ScopeInvalid', 'The app is not registered for all that it asked for.')
  }

  return Effect.fnUntraced(function* (app: KeptApp, form: Form): Effect.fn.Return<Outgoing, Refusal> {
    if (app.type !== 'confidential') return yield* refuse('GrantNotAllowed')
    const scopes = yield* scopesFor(app, form)
    const access = mint('token', dialect.tokenPrefix)
    const now = clock.now()
    const issued = yield* step(() =>
      storage.tokens.issueToClient({
        clientId: app.clientId,
        revision: app.revision,
        scopes,
        accessHash: digest(access),
        expiresAt: now + dialect.lifetimes.access * 1000,
        now,
      }),
    )
    return issued._tag === 'Issued' ? tokenAnswer(services, dialect, scopes, now, { access }) : yield* stale
  })
}
