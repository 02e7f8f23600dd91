/**
 * The revocation endpoint: RFC 7009. The caller is a confidential app, or a person with a session here; once the caller
 * is known the answer is the same whatever the token was.
 */
import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import { sessionOf } from '../authorize/session.ts'
import { json } from '../http/answer.ts'
import { bodyForm } from '../http/body.ts'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import { type Form, parseForm, required } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import { addressKey } from '../limiter.ts'
import type { Services } from '../services.ts'
import { step } from '../storage/step.ts'
import { digest } from '../token.ts'
import { authenticateClient, credentialsOf } from './client-authentication.ts'
import { checkNothingSecretIn } from './token.ts'

type Caller =
  | { readonly _tag: 'Client'; readonly clientId: string }
  | { readonly _tag: 'Person'; readonly personId: number }

// An object in a JSON answer: simple-oauth2 fails on anything else.
const done = json(200, {})

export const revoke = (services: Services, dialect: Dialect) => {
  const { storage, clock, limits, issuer, profiles } = services

  const callerOf = Effect.fnUntraced(function* (incoming: Incoming, form: Form): Effect.fn.Return<Caller, Refusal> {
    if (form.has('client_secret') || incoming.header('authorization') !== null) {
      const app = yield* authenticateClient(services, dialect, yield* credentialsOf(incoming, form))
      if (app.type === 'confidential') return { _tag: 'Client', clientId: app.clientId }
    }
    // Not from another site's page, whose form may carry the cookie too. Browsers name that page; programs name none, and
    // whoever sends both a person's cookie and their token by hand takes nothing that was not theirs.
    const origin = incoming.header('origin')
    const session = origin === null || origin === issuer ? yield* sessionOf(services, incoming) : null
    if (session !== null) return { _tag: 'Person', personId: session.person.id }
    return yield* refuse(
      'ClientAuthenticationFailed',
      'Revoking takes a client_secret or a session. Public apps have neither: people disconnect them under Connected Apps.',
    )
  })

  return Effect.fnUntraced(function* (incoming: Incoming, query: string): Effect.fn.Return<Outgoing, Refusal> {
    yield* checkNothingSecretIn(query)
    yield* limits.check('revoke', addressKey(incoming.address))
    const form = yield* parseForm(yield* bodyForm(incoming))
    const caller = yield* callerOf(incoming, form)
    const token = yield* required(form, 'token')
    if (caller._tag === 'Client' && profiles.has('revoke-does-nothing')) return done
    yield* step(() => storage.tokens.revoke({ hash: digest(token), by: caller, now: clock.now() }))
    return done
  })
}
