/**
 * The consent form comes back here. What was asked is read from the request that was kept, never from the form: the form
 * says only which request, and yes or no.
 */
import * as Effect from 'effect/Effect'
import * as BuzzLimit from '@civitai-oauth/core/buzz-limit'
import * as Consent from '@civitai-oauth/core/consent'
import type { Dialect } from '@civitai-oauth/core/dialect'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import { type Form, required } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import { scopesIn } from '../scope-mask.ts'
import type { Services } from '../services.ts'
import type { KeptApp } from '../storage/apps.ts'
import type { PendingRequest } from '../storage/consents.ts'
import { step } from '../storage/step.ts'
import { stale } from '../token/stale.ts'
import { codeAfter, digest, newSalt } from '../token.ts'
import { allAvailable, grantable } from './authorize.ts'
import { prove } from './check-redirect-uri.ts'
import { newCode } from './new-code.ts'
import { type BrowserSession, sessionOf } from './session.ts'
import { answered } from '../device/verify.ts'
import { type Message, toApp } from './way-back.ts'

/** Ours, said by the browser. Absent, `null` and foreign are all refused: the form is served by this origin only. */
export const checkOrigin = ({ issuer }: Services, incoming: Incoming): Effect.Effect<void, Refusal> =>
  incoming.header('origin') === issuer ? Effect.void : refuse('CrossSiteRequest')

/** `undefined` keeps the limit that stands, `null` takes it away. */
const checkBuzzLimit = (form: Form): Effect.Effect<BuzzLimit.BuzzLimit | null | undefined, Refusal> => {
  const parsed = BuzzLimit.parseJson(form.get('buzz_limit'))
  if (parsed._tag === 'Invalid')
    return refuse('ParameterMalformed', `The parameter buzz_limit is wrong: ${parsed.problems[0]?.message ?? ''}`)
  if (parsed._tag === 'Unchanged') return Effect.succeed(undefined)
  return Effect.succeed(parsed.limit.length === 0 ? null : parsed.limit)
}

/** An app edited between two reads of it; the second attempt sees what stands. */
const attempts = 3

export const answerConsent = (services: Services, dialect: Dialect) => {
  const { storage, clock, limits, profiles } = services

  /** To the app, if it still has that address; for a device, a page that says what became of it. */
  const wayBack = (app: KeptApp, pending: PendingRequest): Effect.Effect<(message: Message) => Outgoing, Refusal> =>
    pending.device === null
      ? Effect.map(
          prove(app, pending.redirectUri, profiles.quirks),
          (address) => (message) => toApp(services, dialect, address, pending.state, message),
        )
      : Effect.succeed((message) => answered('code' in message))

  const approve = Effect.fnUntraced(function* (
    session: BrowserSession,
    request: string,
    form: Form,
  ): Effect.fn.Return<Outgoing, Refusal> {
    const limit = yield* checkBuzzLimit(form)
    const requestHash = digest(request)
    for (let attempt = 0; attempt < attempts; attempt++) {
      const now = clock.now()
      const pending = yield* step(() => storage.consents.find(requestHash, session.hash, now))
      const app = pending && (yield* step(() => storage.apps.find(pending.clientId)))
      if (!pending || !app || app.dialect !== dialect.name) return yield* refuse('ConsentGone')
      const back = yield* wayBack(app, pending)
      if (profiles.has('extra-scope-refused') && !allAvailable(dialect, app, pending.requested))
        return yield* refuse('ScopeInvalid', 'The app is not registered for all that it asked for.')
      // What the page showed, less what the app has lost since: never more than the person saw.
      const scopes = pending.offered & grantable(dialect, app, pending.requested)
      const salt = newSalt()
      const code = codeAfter(request, salt, dialect.tokenPrefix)
      const recorded = yield* step(() =>
        storage.consents.recordConsent({
          requestHash,
          sessionHash: session.hash,
          personId: session.person.id,
          clientId: app.clientId,
          revision: app.revision,
          remember: form.get('remember') === 'true',
          buzzLimit: Consent.offersBuzzLimit(dialect, scopesIn(dialect, scopes)) ? limit : undefined,
          salt,
          code: newCode(services, dialect, code, {
            redirectUri: pending.redirectUri,
            challenge: pending.challenge,
            challengeMethod: pending.challengeMethod,
            scopes,
          }),
          now,
        }),
      )
      if (recorded._tag === 'Recorded') return back({ code })
      if (recorded._tag === 'Repeated') return back({ code: codeAfter(request, recorded.salt, dialect.tokenPrefix) })
      if (recorded._tag === 'Gone') return yield* refuse('ConsentGone')
    }
    return yield* stale
  })

  const deny = Effect.fnUntraced(function* (
    session: BrowserSession,
    request: string,
  ): Effect.fn.Return<Outgoing, Refusal> {
    const requestHash = digest(request)
    const now = clock.now()
    const pending = yield* step(() => storage.consents.find(requestHash, session.hash, now))
    const app = pending && (yield* step(() => storage.apps.find(pending.clientId)))
    if (!pending || !app || app.dialect !== dialect.name) return yield* refuse('ConsentGone')
    const back = yield* wayBack(app, pending)
    const { person, hash: sessionHash } = session
    const recorded = yield* step(() =>
      storage.consents.recordDenial({ requestHash, sessionHash, personId: person.id, now }),
    )
    if (recorded._tag === 'Gone') return yield* refuse('ConsentGone')
    return back({ error: 'access_denied' })
  })

  return Effect.fnUntraced(function* (incoming: Incoming, form: Form): Effect.fn.Return<Outgoing, Refusal> {
    const session = yield* sessionOf(services, incoming)
    if (session === null) return yield* refuse('ConsentGone', 'Nobody is signed in here any more.')
    yield* limits.check('authorize', String(session.person.id))
    const request = yield* required(form, 'request')
    const approved = yield* required(form, 'approved')
    if (approved === 'true') return yield* approve(session, request, form)
    if (approved === 'false') return yield* deny(session, request)
    return yield* refuse('ParameterMalformed', 'The parameter approved is neither true nor false.')
  })
}
