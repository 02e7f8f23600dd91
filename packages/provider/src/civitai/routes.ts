/** Civitai's paths. */
import * as Effect from 'effect/Effect'
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import { authorize } from '../authorize/authorize.ts'
import { posted } from '../authorize/posted.ts'
import { device } from '../device/device.ts'
import { deviceGrant } from '../device/device-grant.ts'
import { deviceToken } from '../device/device-token.ts'
import { verify } from '../device/verify.ts'
import { discoveryOf, extra } from '../discovery.ts'
import { bearerRefusal, json, jsonRefusal, shownRefusal } from '../http/answer.ts'
import { refuse } from '../http/refusal.ts'
import type { Entry, Route, RouteName } from '../http/route.ts'
import { blob } from '../resource/blob.ts'
import { buzzAccount, userAccount } from '../resource/buzz.ts'
import { workflows } from '../resource/workflows.ts'
import { me } from '../resource/me.ts'
import { quickUserinfo, userinfo } from '../resource/userinfo.ts'
import type { Services } from '../services.ts'
import { revoke } from '../token/revoke.ts'
import { introspect } from '../token/introspect.ts'
import { grantsOf, token } from '../token/token.ts'
import { legacyRoutes } from './legacy.ts'

const page = (path: string, name: RouteName, methods: Route['methods']): Entry => [
  path,
  { name, methods, refused: (refused, { header }) => shownRefusal(refused, header('accept')), cors: false },
]

const machine = (path: string, name: RouteName, methods: Route['methods']): Entry => [
  path,
  { name, methods, refused: jsonRefusal, cors: true },
]

const api = (path: string, name: RouteName, methods: Route['methods']): Entry => [
  path,
  { name, methods, refused: bearerRefusal, cors: true },
]

const quick = ([path, route]: Entry, answer: NonNullable<Route['quick']>): Entry => [path, { ...route, quick: answer }]

/** The keys this server signs with: none, for its tokens are opaque. */
const noKeys = json(200, { keys: [] })

export const civitaiRoutes = (services: Services, introspectors: readonly string[]): readonly Entry[] => {
  const { issuer, profiles } = services
  const { endpoints } = civitai
  const document = Effect.sync(() => json(200, discoveryOf(issuer, civitai, profiles)))
  const information = userinfo(services)
  const work = workflows(services)
  const poll = new Map([[deviceGrant, deviceToken(services, civitai)]])
  const entries = [
    page(endpoints.authorize, 'authorize', {
      GET: authorize(services, civitai),
      POST: posted(services, civitai),
    }),
    machine(endpoints.token, 'token', {
      POST: token(services, civitai, new Map([...grantsOf(services, civitai), ...poll])),
    }),
    machine(endpoints.revoke as string, 'revoke', { POST: revoke(services, civitai) }),
    quick(api(endpoints.userinfo, 'userinfo', { GET: information, POST: information }), quickUserinfo(services)),
    deviceEntry(services),
    machine(extra.deviceToken, 'device-token', { POST: token(services, civitai, poll) }),
    machine(extra.introspect, 'introspect', { POST: introspect(services, civitai, introspectors) }),
  ]
  return [
    ...entries,
    ...legacyRoutes(services, entries),
    api('/api/v1/me', 'me', { GET: me(services) }),
    api('/api/trpc/buzz.getBuzzAccount', 'buzz', { GET: buzzAccount(services) }),
    api('/api/trpc/buzz.getUserAccount', 'buzz', { GET: userAccount(services) }),
    api('/v2/consumer/workflows', 'workflows', { GET: work.list, POST: work.submit }),
    api('/v2/consumer/workflows/:id', 'workflows', { GET: work.get }),
    api('/v2/consumer/blobs/:id', 'blob', { GET: blob }),
    machine('/.well-known/openid-configuration', 'discovery', { GET: () => document }),
    machine('/.well-known/oauth-authorization-server', 'discovery', {
      GET: () => (profiles.has('openid-discovery-only') ? refuse('NotFound') : document),
    }),
    machine(extra.keys, 'discovery', { GET: () => Effect.succeed(noKeys) }),
  ]
}

/** One path, two callers: the program posts, the person looks. */
const deviceEntry = (services: Services): Entry => [
  extra.device,
  {
    name: 'device',
    methods: {
      GET: verify(services, civitai),
      POST: device(services, civitai, services.issuer + extra.device),
    },
    refused: (refused, { header }) => shownRefusal(refused, header('accept')),
    cors: true,
  },
]
