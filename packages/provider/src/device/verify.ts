/**
 * Where the person types the code that the device shows: RFC 8628 section 3.3. It leads to the same consent page as
 * every other request, bound to this browser's session; the device is told only what the person answers there.
 */
import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import { grantable, requestLifetime } from '../authorize/authorize.ts'
import { sessionOf } from '../authorize/session.ts'
import { toConsent, toSignIn } from '../authorize/way-back.ts'
import { html } from '../http/answer.ts'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import { parseForm } from '../http/form.ts'
import { devicePage, page } from '../http/page.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import type { Services } from '../services.ts'
import { step } from '../storage/step.ts'
import { digest, mint } from '../token.ts'
import { userCodeHash } from './device.ts'

/** What stands in a kept request where another has its app's address: nobody is sent anywhere. */
export const noAddress = 'urn:civitai:device'
/** A device's code has no PKCE challenge: it never travels through a browser. This stands in its place. */
export const noChallenge = { challenge: 'device', challengeMethod: 'plain' } as const

export const verify = (services: Services, dialect: Dialect) => {
  const { storage, clock, limits, profiles } = services
  return Effect.fnUntraced(function* (incoming: Incoming, query: string): Effect.fn.Return<Outgoing, Refusal> {
    if (!profiles.has('device-flow')) return yield* refuse('NotFound')
    const session = yield* sessionOf(services, incoming)
    if (session === null) return toSignIn(incoming.target)
    const typed = (yield* parseForm(query)).get('user_code')
    if (typed === undefined) return html(200, devicePage(null))
    // A code is short, so guesses are few.
    yield* limits.check('authorize', String(session.person.id))
    const now = clock.now()
    const found = yield* step(() => storage.devices.find(userCodeHash(typed), now))
    const app = found && (yield* step(() => storage.apps.find(found.clientId)))
    if (!found || app?.dialect !== dialect.name) return html(400, devicePage('That code is unknown or has run out.'))
    const request = mint('plain')
    yield* step(() =>
      storage.consents.keep({
        ...noChallenge,
        hash: digest(request),
        sessionHash: session.hash,
        clientId: app.clientId,
        redirectUri: noAddress,
        requested: found.requested,
        offered: grantable(dialect, app, found.requested),
        state: '',
        device: found.codeHash,
        expiresAt: now + requestLifetime,
      }),
    )
    return toConsent(request)
  })
}

/** What the person sees after answering. */
export const answered = (approved: boolean): Outgoing =>
  html(
    200,
    approved
      ? page('Your device is signed in', ['You can close this page and go back to it.'])
      : page('Your device was not signed in', ['You said no, and nothing was shared. You can close this page.']),
  )
