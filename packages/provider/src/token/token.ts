/** The token endpoint: a form in, tokens or RFC 6749 section 5.2 out. */
import * as Effect from 'effect/Effect'
import * as Result from 'effect/Result'
import type { Dialect } from '@civitai-oauth/core/dialect'
import { bodyForm } from '../http/body.ts'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import { type Form, parseForm, required } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import type { Services } from '../services.ts'
import type { KeptApp } from '../storage/apps.ts'
import { callerLimit } from './caller-limit.ts'
import { authenticateAs, credentialsOf, findClient } from './client-authentication.ts'
import { clientCredentials } from './client-credentials.ts'
import { redeemCode } from './redeem-code.ts'
import { refresh } from './refresh.ts'

export type Grant = (app: KeptApp, form: Form) => Effect.Effect<Outgoing, Refusal>

/** Apps whose look-up is spared on the hot path. */
const rememberedClients = 10_000

const secrets = ['client_secret', 'code', 'device_code', 'code_verifier', 'refresh_token', 'token']

/** Addresses are logged, kept in histories and sent on: RFC 6749 section 2.3.1 forbids secrets there. */
export const checkNothingSecretIn = (query: string): Effect.Effect<void, Refusal> =>
  query !== '' && [...new URLSearchParams(query).keys()].some((name) => secrets.includes(name.toLowerCase()))
    ? refuse('SecretInAddress')
    : Effect.void

/** Every grant that the dialect names. */
export const grantsOf = (services: Services, dialect: Dialect): ReadonlyMap<string, Grant> => {
  const all: Record<Dialect['grants'][number], Grant> = {
    authorization_code: redeemCode(services, dialect),
    refresh_token: refresh(services, dialect),
    client_credentials: clientCredentials(services, dialect),
  }
  return new Map(dialect.grants.map((name) => [name, all[name]]))
}

/** A token endpoint that serves these grants. `unasked`: what becomes of a secret that nothing asks for. */
export const token = (
  services: Services,
  dialect: Dialect,
  grants: ReadonlyMap<string, Grant>,
  unasked: 'checked' | 'ignored' = 'checked',
) => {
  const clients = new Map<string, KeptApp>()
  const remember = (clientId: string, app: KeptApp | null) => {
    if (app === null) clients.delete(clientId)
    else clients.set(clientId, app)
    if (clients.size > rememberedClients) clients.delete(clients.keys().next().value as string)
  }

  return Effect.fnUntraced(function* (incoming: Incoming, query: string): Effect.fn.Return<Outgoing, Refusal> {
    yield* checkNothingSecretIn(query)
    const form = yield* parseForm(yield* bodyForm(incoming))
    const type = yield* required(form, 'grant_type')
    const grant = grants.get(type)
    if (!grant) return yield* refuse('GrantTypeUnsupported')
    const claimed = yield* credentialsOf(incoming, form)
    const credentials = unasked === 'ignored' ? { ...claimed, secret: null } : claimed
    const { clientId } = credentials
    const limit = callerLimit(services, incoming, credentials, form)
    yield* limit.asked

    let counted = false
    const attempt = Effect.fnUntraced(function* (app: KeptApp | null): Effect.fn.Return<Outgoing, Refusal> {
      const proved = yield* authenticateAs(services, dialect, credentials, app)
      if (!counted) yield* limit.known
      counted = true
      return yield* grant(proved, form)
    })
    // What is remembered is trusted to say yes, for every grant compares the app's revision as it writes. Before saying no
    // the app is looked at as it stands.
    const answer = Effect.gen(function* () {
      const known = clients.get(clientId)
      const answered = known && (yield* Effect.result(attempt(known)))
      if (answered && Result.isSuccess(answered)) return answered.success
      const standing = yield* findClient(services, clientId)
      remember(clientId, standing)
      if (answered && standing?.revision === known?.revision) return yield* Effect.fail(answered.failure)
      return yield* attempt(standing)
    })
    return yield* answer.pipe(
      Effect.tapError(limit.failed),
      Effect.tap(() => limit.answered),
    )
  })
}
