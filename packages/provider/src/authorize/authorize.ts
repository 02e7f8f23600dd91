/**
 * The authorization endpoint, read from top to bottom: each line is one check, and the next line may rely on it.
 *
 * Whatever fails is shown to the person, never redirected. RFC 6749 section 4.1.1; RFC 9700 section 2.1.
 */
import * as Effect from 'effect/Effect'
import * as Consent from '@civitai-oauth/core/consent'
import type { Dialect } from '@civitai-oauth/core/dialect'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import { parseForm } from '../http/form.ts'
import type { Refusal } from '../http/refusal.ts'
import { covers, maskOf, scopesIn } from '../scope-mask.ts'
import type { Services } from '../services.ts'
import type { KeptApp } from '../storage/apps.ts'
import { step } from '../storage/step.ts'
import { stale } from '../token/stale.ts'
import { digest, mint } from '../token.ts'
import { checkClient } from './check-client.ts'
import { checkPkce } from './check-pkce.ts'
import { checkPrompt, isFresh, wantsSignIn } from './check-prompt.ts'
import { checkRedirectUri } from './check-redirect-uri.ts'
import { checkResponseType } from './check-response-type.ts'
import { checkScope } from './check-scope.ts'
import { checkState } from './check-state.ts'
import { newCode } from './new-code.ts'
import { cookieWithheld, sessionOf } from './session.ts'
import { toApp, toConsent, toFreshSignIn, toSelf, toSignIn } from './way-back.ts'

/** How long a consent page may be looked at. */
export const requestLifetime = 30 * 60_000

export const authorize = (services: Services, dialect: Dialect) => {
  const { storage, clock, limits, profiles } = services

  return Effect.fnUntraced(function* (incoming: Incoming, query: string): Effect.fn.Return<Outgoing, Refusal> {
    const session = yield* sessionOf(services, incoming)
    if (session === null && profiles.has('session-first') && incoming.method !== 'POST')
      return wantsSignIn(query) ? toFreshSignIn(incoming.target, clock.now()) : toSignIn(incoming.target)
    if (session !== null) yield* limits.check('authorize', String(session.person.id))

    const form = yield* parseForm(query)
    const app = yield* checkClient(storage, dialect.name, form)
    const address = yield* checkRedirectUri(app, form, profiles.quirks, session?.person.id === app.ownerId)
    // From here on `address` is proved: the app registered it. Nobody was sent anywhere before this line.
    yield* checkResponseType(dialect, form)
    const { challenge, method } = yield* checkPkce(dialect, form)
    const state = yield* checkState(dialect, form)
    const requested = yield* checkScope(dialect, app, form, profiles)
    const prompt = yield* checkPrompt(form)

    if (cookieWithheld(services, incoming)) return toSelf(incoming.target)
    if (prompt.login && (session === null || !isFresh(form, session, clock.now())))
      return toFreshSignIn(incoming.target, clock.now())
    if (session === null)
      return prompt.none
        ? toApp(services, dialect, address, state, { error: 'login_required' })
        : toSignIn(incoming.target)

    const granted = grantable(dialect, app, requested)
    if (!prompt.consent) {
      const code = mint('code', dialect.tokenPrefix)
      const silent = yield* step(() =>
        storage.consents.approveRemembered({
          personId: session.person.id,
          clientId: app.clientId,
          revision: app.revision,
          now: clock.now(),
          code: newCode(services, dialect, code, {
            redirectUri: address,
            challenge,
            challengeMethod: method,
            scopes: granted,
          }),
        }),
      )
      if (silent._tag === 'Recorded') return toApp(services, dialect, address, state, { code })
      // Edited at this very moment: whoever asks again is checked against what stands now.
      if (silent._tag === 'Stale') return yield* stale
      if (prompt.none) return toApp(services, dialect, address, state, { error: 'consent_required' })
    }

    const request = mint('plain')
    yield* step(() =>
      storage.consents.keep({
        hash: digest(request),
        sessionHash: session.hash,
        clientId: app.clientId,
        redirectUri: address,
        requested,
        offered: granted,
        state,
        challenge,
        challengeMethod: method,
        device: null,
        expiresAt: clock.now() + requestLifetime,
      }),
    )
    return toConsent(request)
  })
}

/** What a token for this request will hold: core's rule, on masks. */
export const grantable = (dialect: Dialect, app: KeptApp, requested: number): number => {
  const [wanted, allowed] = [scopesIn(dialect, requested), scopesIn(dialect, app.scopes)]
  return maskOf(dialect, Consent.diff(dialect, wanted, allowed, []).granted)
}

/** True when nothing was asked for that this app may not have. */
export const allAvailable = (dialect: Dialect, app: KeptApp, requested: number): boolean =>
  covers(grantable(dialect, app, requested), requested)
