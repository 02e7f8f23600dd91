/**
 * The API's authorize call is itself the approval: what a consent page calls once the person agreed. An OAuth token may
 * approve only its own app and only scopes it holds; an API key any app, as its person.
 */
import * as Effect from 'effect/Effect'
import { dialects } from '../dialects.ts'
import { grantable } from '../authorize/authorize.ts'
import { checkClient } from '../authorize/check-client.ts'
import { checkPkce } from '../authorize/check-pkce.ts'
import { checkRedirectUri } from '../authorize/check-redirect-uri.ts'
import { checkResponseType } from '../authorize/check-response-type.ts'
import { checkScope } from '../authorize/check-scope.ts'
import { checkState } from '../authorize/check-state.ts'
import { newCode } from '../authorize/new-code.ts'
import { toApp } from '../authorize/way-back.ts'
import type { Dialect } from '@civitai-oauth/core/dialect'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import { parseForm } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import { scopesIn } from '../scope-mask.ts'
import type { Services } from '../services.ts'
import { step } from '../storage/step.ts'
import { stale } from '../token/stale.ts'
import { mint } from '../token.ts'
import { envelope } from './answer.ts'
import { credential, heldBy } from './credential.ts'

const { quaily } = dialects

export const approve = (services: Services, dialect: Dialect) => {
  const { storage, clock, limits, profiles } = services
  return Effect.fnUntraced(function* (incoming: Incoming, query: string): Effect.fn.Return<Outgoing, Refusal> {
    const found = yield* credential(services, incoming)
    yield* limits.check('authorize', String(found.person.id))
    const form = yield* parseForm(query)
    const app = yield* checkClient(storage, 'quaily', form)
    const address = yield* checkRedirectUri(app, form, profiles.quirks, found.person.id === app.ownerId)
    // From here on `address` is proved: the app registered it.
    yield* checkResponseType(quaily, form)
    const { challenge, method } = yield* checkPkce(dialect, form)
    const state = yield* checkState(quaily, form)
    const requested = yield* checkScope(quaily, app, form, profiles)
    const scopes = grantable(quaily, app, requested)
    if (found._tag === 'Token') {
      const wanted = scopesIn(quaily, scopes)
      if (found.token.clientId !== app.clientId)
        return yield* refuse('ScopeInsufficient', 'An OAuth token can approve its own app only.')
      if (!quaily.scopes.contains(heldBy(found.token), wanted))
        return yield* refuse('ScopeInsufficient', 'An OAuth token can approve only the scopes it holds.')
    }
    const code = mint('code', quaily.tokenPrefix)
    const recorded = yield* step(() =>
      storage.consents.approveDirectly({
        personId: found.person.id,
        clientId: app.clientId,
        revision: app.revision,
        byToken: found._tag === 'Token' ? found.hash : null,
        code: newCode(services, quaily, code, { redirectUri: address, challenge, challengeMethod: method, scopes }),
        now: clock.now(),
      }),
    )
    if (recorded._tag === 'Stale') return yield* stale
    if (recorded._tag === 'Ended') return yield* refuse('TokenInvalid', 'The access was taken back.')
    const back = toApp(services, quaily, address, state, { code })
    if (form.get('json') !== 'true') return back
    const url = back.headers[back.headers.indexOf('location') + 1]
    return envelope({ client_id: app.clientId, redirect_uri: address, url, code, state }, clock.now())
  })
}
