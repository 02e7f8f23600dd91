/** Quaily's API: the person, their lists and posts, credits, API keys, and apps. */
import { createHmac } from 'node:crypto'
import * as Effect from 'effect/Effect'
import { dialects } from '../dialects.ts'
import * as z from 'zod/mini'
import { isClientId } from '../authorize/check-client.ts'
import { json } from '../http/answer.ts'
import { bodyObject } from '../http/body.ts'
import type { Incoming } from '../http/exchange.ts'
import { parseForm } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import type { Handler } from '../http/route.ts'
import type { Person } from '../provider.ts'
import type { Services } from '../services.ts'
import type { KeptApp } from '../storage/apps.ts'
import { step } from '../storage/step.ts'
import { digest } from '../token.ts'
import { envelope } from './answer.ts'
import type { QuailyRules } from './options.ts'
import { clientIdOf, type Credential, credential, heldBy, holding } from './credential.ts'

const { quaily } = dialects

type Name =
  | 'app'
  | 'userinfo'
  | 'revokeApp'
  | 'me'
  | 'lists'
  | 'posts'
  | 'createPost'
  | 'balance'
  | 'ledger'
  | 'consume'
  | 'apiKeys'
  | 'verifyApiKey'

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')

/** The documented object also has `app_secret`: a public answer never does. */
const appObject = (app: KeptApp) => ({
  id: app.id,
  app_id: app.clientId,
  name:
    app.name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || `app-${app.id}`,
  display_name: app.name,
  redirect_uri: app.redirectUris[0] ?? '',
  url: '',
  avatar_image_url: '',
  status: 1,
  trusted: app.trusted,
  created_at: iso(app.createdAt),
  updated_at: iso(app.updatedAt),
})

const userObject = ({ id, uuid, username, picture, email }: Person, full: boolean) => ({
  id,
  uuid,
  name: username,
  slug: username.toLowerCase(),
  avatar_image_url: picture ?? '',
  ...(full && email !== null ? { email } : {}),
})

/** Everybody has one list: their own. */
const listObject = ({ id, username }: Person) => ({
  id,
  slug: username.toLowerCase(),
  title: `${username}'s list`,
  user_id: id,
})

const post = z.object({
  title: z.string().check(z.minLength(1), z.maxLength(500)),
  content: z.optional(z.string().check(z.maxLength(50_000))),
})
/** A whole number above 0, or such a number as a form writes it: nothing else that happens to read as one. */
const amount = z.union([
  z.int().check(z.positive()),
  z.pipe(z.pipe(z.string().check(z.regex(/^[1-9]\d{0,15}$/)), z.transform(Number)), z.int()),
])
const consumption = z.object({
  amount,
  reason: z.optional(z.string().check(z.maxLength(200))),
})
const keyToVerify = z.object({ hash: z.string().check(z.regex(/^[0-9a-f]{64}$/i)) })

export const resources = (
  services: Services,
  pairwiseSalt: Uint8Array,
  { emailScope, keysDisconnect }: Pick<QuailyRules, 'emailScope' | 'keysDisconnect'>,
): Readonly<Record<Name, Handler>> => {
  const { storage, clock } = services
  const answer = (data: unknown) => envelope(data, clock.now())

  const holds = (found: Credential, scope: string): boolean =>
    found._tag === 'ApiKey' || quaily.scopes.contains(heldBy(found.token), [scope])

  /** Different for each app, the same for one: OpenID Connect Core section 8.1. */
  const subjectFor = (clientId: string, uuid: string): string =>
    createHmac('sha256', pairwiseSalt).update(`${clientId} ${uuid}`).digest('base64url')

  const parsed = <Shape extends z.ZodMiniType>(
    shape: Shape,
    incoming: Incoming,
  ): Effect.Effect<z.output<Shape>, Refusal> =>
    Effect.flatMap(bodyObject(incoming), (body) => {
      const result = shape.safeParse(body)
      return result.success
        ? Effect.succeed(result.data)
        : refuse('ParameterMalformed', `The field ${result.error.issues[0]?.path.join('.') ?? ''} is missing or wrong.`)
    })

  const personAt = Effect.fnUntraced(function* (id: string, found: Credential): Effect.fn.Return<Person, Refusal> {
    if (id === 'me' || id === String(found.person.id)) return found.person
    const account = /^\d{1,15}$/.test(id) ? yield* step(() => storage.people.byId(Number(id))) : null
    return account ? account.person : yield* refuse('NotFound', 'There is no such person.')
  })

  const ownList = (id: string | undefined, found: Credential): Effect.Effect<void, Refusal> =>
    id === String(found.person.id) || id === found.person.username.toLowerCase()
      ? Effect.void
      : refuse('NotFound', 'There is no such list of yours.')

  return {
    app: Effect.fnUntraced(function* (_, __, [id = '']) {
      const app = isClientId(id) ? yield* step(() => storage.apps.find(id)) : null
      return app?.dialect === 'quaily' ? answer(appObject(app)) : yield* refuse('NotFound', 'There is no such app.')
    }),

    userinfo: Effect.fnUntraced(function* (incoming) {
      const found = yield* credential(services, incoming)
      if (found._tag === 'ApiKey') return yield* refuse('TokenInvalid', 'This takes an OAuth token, not an API key.')
      const { uuid, username, picture, email, emailVerified } = found.person
      return json(200, {
        sub: subjectFor(found.token.clientId, uuid),
        uuid,
        name: username,
        ...(picture === null ? {} : { picture }),
        ...(email !== null && holds(found, emailScope) ? { email, email_verified: emailVerified } : {}),
      })
    }),

    revokeApp: Effect.fnUntraced(function* (incoming, _, [id = '']) {
      const found = yield* credential(services, incoming)
      if (found._tag === 'Token' && found.token.clientId !== id)
        return yield* refuse('ScopeInsufficient', 'An OAuth token can disconnect its own app only.')
      if (found._tag === 'ApiKey' && keysDisconnect === 'none')
        return yield* refuse('ScopeInsufficient', 'An API key cannot disconnect apps.')
      // Apps of another dialect are unknown here: their people disconnect them elsewhere.
      const app = isClientId(id) ? yield* step(() => storage.apps.find(id)) : null
      if (app?.dialect === 'quaily') yield* step(() => storage.grants.revoke(found.person.id, id, clock.now()))
      return answer(null)
    }),

    me: Effect.fnUntraced(function* (incoming) {
      const found = yield* credential(services, incoming)
      return answer(userObject(found.person, holds(found, emailScope)))
    }),

    lists: Effect.fnUntraced(function* (incoming, _, [id = '']) {
      const found = yield* credential(services, incoming)
      return answer([listObject(yield* personAt(id, found))])
    }),

    posts: Effect.fnUntraced(function* (incoming, _, [id]) {
      const found = yield* holding(services, incoming, 'post.write')
      yield* ownList(id, found)
      const posts = yield* step(() => storage.posts.list(found.person.id))
      return answer(posts.map(({ createdAt, clientId: __, ...rest }) => ({ ...rest, created_at: iso(createdAt) })))
    }),

    createPost: Effect.fnUntraced(function* (incoming, _, [id]) {
      const found = yield* holding(services, incoming, 'post.write')
      yield* ownList(id, found)
      const { title, content = '' } = yield* parsed(post, incoming)
      const made = { personId: found.person.id, title, content, clientId: clientIdOf(found) }
      const kept = yield* step(() => storage.posts.create(made, clock.now()))
      return answer({ id: kept.id, title, content, created_at: iso(kept.createdAt) })
    }),

    balance: Effect.fnUntraced(function* (incoming) {
      const found = yield* holding(services, incoming, 'credit.read')
      const { credit = 0 } = yield* step(() => storage.wallet.balances(found.person.id))
      return answer({ balance: credit })
    }),

    ledger: Effect.fnUntraced(function* (incoming, query) {
      const found = yield* holding(services, incoming, 'credit.read')
      const form = yield* parseForm(query)
      const number = (name: string, otherwise: number) =>
        /^\d{1,15}$/.test(form.get(name) ?? '') ? Number(form.get(name)) : otherwise
      const page = { before: number('before', 0) || null, limit: Math.min(Math.max(1, number('limit', 50)), 200) }
      const entries = yield* step(() => storage.wallet.ledger(found.person.id, 'credit', page))
      return answer(
        entries.map(({ id, amount, clientId, reason, at }) => ({
          id,
          amount,
          app_id: clientId ?? '',
          reason,
          created_at: iso(at),
        })),
      )
    }),

    consume: Effect.fnUntraced(function* (incoming) {
      const found = yield* holding(services, incoming, 'credit.full')
      const { amount, reason = '' } = yield* parsed(consumption, incoming)
      const { person } = found
      const spent = yield* step(() =>
        storage.wallet.spend({
          personId: person.id,
          clientId: clientIdOf(found) ?? '',
          currency: 'credit',
          amount,
          reason,
          byToken: found._tag === 'Token' ? found.hash : null,
          limit: null,
          caps: [],
          workflow: null,
          now: clock.now(),
        }),
      )
      if (spent._tag === 'Ended') return yield* refuse('TokenInvalid', 'The access was taken back.')
      return spent._tag === 'Spent' ? answer({ balance: spent.balance }) : yield* refuse('CreditTooLow')
    }),

    apiKeys: Effect.fnUntraced(function* (incoming) {
      const found = yield* holding(services, incoming, 'apikey.read')
      const keys = yield* step(() => storage.apiKeys.list(found.person.id))
      return answer(keys.map(({ id, name, hint, createdAt }) => ({ id, name, hint, created_at: iso(createdAt) })))
    }),

    verifyApiKey: Effect.fnUntraced(function* (incoming) {
      const found = yield* holding(services, incoming, 'apikey.read')
      const { hash } = yield* parsed(keyToVerify, incoming)
      // Asked about is not used: nobody learns by it of a key, and nobody's key looks used by it.
      return answer({ valid: yield* step(() => storage.apiKeys.isOf(found.person.id, Buffer.from(hash, 'hex'))) })
    }),
  }
}

/** For tests and tools: the hash that `verifyApiKey` compares. */
export const apiKeyHash = (key: string): string => digest(key).toString('hex')
