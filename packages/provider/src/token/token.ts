/** The token endpoint: a form in, tokens or RFC 6749 section 5.2 out. */
import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import { bodyForm } from '../http/body.ts'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import { type Form, parseForm, required } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import type { Services } from '../services.ts'
import type { KeptApp } from '../storage/apps.ts'
import { type CallerLimit, callerLimit } from './caller-limit.ts'
import { authenticateAs, type Credentials, credentialsOf, findClient } from './client-authentication.ts'
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

/** One request, on its way. */
interface Call {
  readonly form: Form
  readonly grant: Grant
  readonly credentials: Credentials
  readonly limit: CallerLimit
  /** Whether it counts already: it may be tried by two states of its app. */
  counted: boolean
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

  const attempt = Effect.fnUntraced(function* (call: Call, app: KeptApp | null): Effect.fn.Return<Outgoing, Refusal> {
    const proved = yield* authenticateAs(services, dialect, call.credentials, app)
    if (!call.counted) yield* call.limit.known
    call.counted = true
    return yield* call.grant(proved, call.form)
  })

  /** By the app as it stands. What was refused by the app as it was remembered stays refused if nothing has changed. */
  const attemptAnew = Effect.fnUntraced(function* (
    call: Call,
    known?: KeptApp,
    refused?: Refusal,
  ): Effect.fn.Return<Outgoing, Refusal> {
    const { clientId } = call.credentials
    const standing = yield* findClient(services, clientId)
    remember(clientId, standing)
    if (refused && standing?.revision === known?.revision) return yield* Effect.fail(refused)
    return yield* attempt(call, standing)
  })

  return Effect.fnUntraced(function* (incoming: Incoming, query: string): Effect.fn.Return<Outgoing, Refusal> {
    yield* checkNothingSecretIn(query)
    const form = yield* parseForm(yield* bodyForm(incoming))
    const type = yield* required(form, 'grant_type')
    const grant = grants.get(type)
    if (!grant) return yield* refuse('GrantTypeUnsupported')
    const claimed = yield* credentialsOf(incoming, form)
    const credentials = unasked === 'ignored' ? { ...claimed, secret: null } : claimed
    const limit = callerLimit(services, incoming, credentials, form)
    yield* limit.asked

    const call: Call = { form, grant, credentials, limit, counted: false }
    const known = clients.get(credentials.clientId)
    // What is remembered is trusted to say yes, for every grant compares the app's revision as it writes. Before saying no
    // the app is looked at as it stands.
    const answer = known
      ? Effect.catch(attempt(call, known), (refused) => attemptAnew(call, known, refused))
      : attemptAnew(call)
    const answered = yield* Effect.tapError(answer, limit.failed)
    yield* limit.answered
    return answered
  })
}
