/**
 * Who is calling the token, revoke or introspection endpoint. RFC 6749 section 2.3; a public app is known by its id alone
 * and proves itself by PKCE.
 */
import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import { isClientId } from '../authorize/check-client.ts'
import type { Incoming } from '../http/exchange.ts'
import type { Form } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import type { Services } from '../services.ts'
import type { KeptApp, KeptSecret } from '../storage/apps.ts'
import { step } from '../storage/step.ts'
import { digest, same } from '../token.ts'

export interface Credentials {
  readonly clientId: string
  readonly secret: string | null
  readonly basic: boolean
}

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** Basic carries both halves form-encoded: RFC 6749 section 2.3.1. */
const parseBasic = (header: string): Credentials | undefined => {
  const [, encoded] = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header) ?? []
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  const [clientId, secret] = [decode(text.slice(0, colon)), decode(text.slice(colon + 1))]
  if (colon <= 0 || clientId === undefined || secret === undefined) return undefined
  // An empty one is none, here as in a body: some clients write every public app's id so.
  return { clientId, secret: secret === '' ? null : secret, basic: true }
}

const malformedBasic = 'The Authorization header is not Basic with two form-encoded halves.'

/** What the request claims, from one place only. */
export const credentialsOf = (incoming: Incoming, form: Form): Effect.Effect<Credentials, Refusal> => {
  const header = incoming.header('authorization')
  const bodyId = form.get('client_id')
  const bodySecret = form.get('client_secret')
  if (header === null) {
    if (bodyId === undefined) return refuse('ParameterMissing', 'The parameter client_id is missing.')
    return Effect.succeed({ clientId: bodyId, secret: bodySecret ?? null, basic: false })
  }
  if (bodySecret !== undefined)
    return refuse('ParameterDuplicated', 'The client authenticates twice: in the Authorization header and in the body.')
  const basic = parseBasic(header)
  if (basic === undefined) return refuse('ClientAuthenticationFailed', malformedBasic, challenge)
  if (bodyId !== undefined && bodyId !== basic.clientId)
    return refuse('ParameterDuplicated', 'The client_id in the body is not the one in the Authorization header.')
  return Effect.succeed(basic)
}

const challenge = ['www-authenticate', 'Basic realm="civitai", charset="UTF-8"']

/** When a secret that is remembered was last noted as used. */
const touched = new WeakMap<KeptSecret, number>()

/** Last use of a secret is kept to the minute. */
const usedResolution = 60_000

/** The app of this id as it stands; no id of ours has another form. */
export const findClient = ({ storage }: Services, clientId: string): Effect.Effect<KeptApp | null, Refusal> =>
  isClientId(clientId) ? step(() => storage.apps.find(clientId)) : Effect.succeed(null)

/** The app that calls, proved to be it as far as its type allows. */
export const authenticateClient = (
  services: Services,
  dialect: Dialect,
  credentials: Credentials,
): Effect.Effect<KeptApp, Refusal> =>
  Effect.flatMap(findClient(services, credentials.clientId), (app) =>
    authenticateAs(services, dialect, credentials, app),
  )

/** The same, for an app that was found before. */
export const authenticateAs = Effect.fnUntraced(function* (
  { storage, clock }: Services,
  dialect: Dialect,
  { clientId, secret, basic }: Credentials,
  app: KeptApp | null,
): Effect.fn.Return<KeptApp, Refusal> {
  const failed = (because: string) => refuse('ClientAuthenticationFailed', because, basic ? challenge : undefined)
  if (app?.dialect !== dialect.name) return yield* failed('No app has this client_id.')
  if (app.type === 'public')
    return secret === null ? app : yield* failed('This app is public and has no client_secret: send none.')
  // A dialect without client authentication checks a secret only if one is sent.
  if (secret === null && dialect.clientAuthentication === 'none') return app
  if (secret === null) return yield* failed('This app is confidential: its client_secret is missing.')
  const hash = digest(secret)
  const kept = [app.secret, app.nextSecret].filter((one) => one !== null).find((one) => same(one.hash, hash))
  if (!kept) return yield* failed('The client_secret is wrong.')
  const now = clock.now()
  if (now - (touched.get(kept) ?? kept.lastUsedAt ?? 0) > usedResolution) {
    touched.set(kept, now)
    yield* step(() => storage.secrets.touch(clientId, hash, now))
  }
  return app
})
