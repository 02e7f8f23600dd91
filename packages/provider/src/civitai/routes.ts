/** Civitai's paths. */
import * as Effect from 'effect/Effect'
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import { answerConsent } from '../authorize/answer-consent.ts'
import { authorize } from '../authorize/authorize.ts'
import { discoveryOf } from '../discovery.ts'
import { bearerRefusal, json, jsonRefusal, shownRefusal } from '../http/answer.ts'
import { refuse } from '../http/refusal.ts'
import type { Handler, Route, RouteName } from '../http/route.ts'
import { me } from '../resource/me.ts'
import { userinfo } from '../resource/userinfo.ts'
import type { Services } from '../services.ts'
import { revoke } from '../token/revoke.ts'
import { token } from '../token/token.ts'

type Entry = readonly [path: string, route: Route]

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

export const civitaiRoutes = (services: Services): readonly Entry[] => {
  const { endpoints } = civitai
  const document = json(200, discoveryOf(services.issuer, civitai))
  const discovery: Handler = () => Effect.succeed(document)
  const information = userinfo(services)
  return [
    page(endpoints.authorize, 'authorize', {
      GET: authorize(services, civitai),
      POST: answerConsent(services, civitai),
    }),
    machine(endpoints.token, 'token', { POST: token(services, civitai) }),
    machine(endpoints.revoke as string, 'revoke', { POST: revoke(services, civitai) }),
    api(endpoints.userinfo, 'userinfo', { GET: information, POST: information }),
    api('/api/v1/me', 'me', { GET: me(services) }),
    machine('/.well-known/openid-configuration', 'discovery', { GET: discovery }),
    machine('/.well-known/oauth-authorization-server', 'discovery', {
      GET: () => (services.profiles.has('openid-discovery-only') ? refuse('NotFound') : Effect.succeed(document)),
    }),
  ]
}
