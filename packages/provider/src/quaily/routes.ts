/** Quaily's paths: pages below AUTH_BASE, everything else below API_BASE. */
import { quaily } from '@civitai-oauth/core/dialects/quaily'
import { authorize } from '../authorize/authorize.ts'
import { posted } from '../authorize/posted.ts'
import type { Elsewhere, Entry, Route } from '../http/route.ts'
import type { Services } from '../services.ts'
import { grantsOf, token } from '../token/token.ts'
import { apiRefusal, pageRefusal, tokenRefusal } from './answer.ts'
import { approve } from './approve.ts'
import { showCode } from './code-page.ts'
import { resources } from './resources.ts'

export const authBase = '/quaily'
export const apiBase = '/quaily/api'
export const authorizePath = authBase + quaily.endpoints.authorize

const page = (path: string, methods: Route['methods']): Entry => [
  authBase + path,
  { name: 'authorize', methods, refused: pageRefusal, cors: false },
]

const api = (path: string, methods: Route['methods']): Entry => [
  apiBase + path,
  { name: 'quaily', methods, refused: apiRefusal, cors: true },
]

/** What is nowhere is told in Quaily's own shape. */
export const quailyElsewhere: readonly Elsewhere[] = [
  [`${apiBase}/`, { name: 'quaily', methods: {}, refused: apiRefusal, cors: true }],
  [`${authBase}/`, { name: 'quaily', methods: {}, refused: pageRefusal, cors: false }],
]

export const quailyRoutes = (services: Services, pairwiseSalt: Uint8Array): readonly Entry[] => {
  const { endpoints } = quaily
  const on = resources(services, pairwiseSalt)
  return [
    page(endpoints.authorize, { GET: authorize(services, quaily), POST: posted(services, quaily) }),
    page('/oauth/code', { GET: showCode }),
    api(endpoints.authorize, { GET: approve(services) }),
    [
      apiBase + endpoints.token,
      {
        name: 'token',
        methods: { POST: token(services, quaily, grantsOf(services, quaily)) },
        refused: tokenRefusal,
        cors: true,
      },
    ],
    [
      apiBase + endpoints.userinfo,
      { name: 'userinfo', methods: { GET: on.userinfo }, refused: apiRefusal, cors: true },
    ],
    api('/oauth/apps/:id', { DELETE: on.revokeApp }),
    api('/apps/:id', { GET: on.app }),
    api('/users/me', { GET: on.me }),
    api('/users/:id/lists', { GET: on.lists }),
    api('/lists/:id/posts', { GET: on.posts, POST: on.createPost }),
    api('/auxilia/credits/balance', { GET: on.balance }),
    api('/auxilia/credits/ledger', { GET: on.ledger }),
    api('/auxilia/credits/consume', { POST: on.consume }),
    api('/apikeys', { GET: on.apiKeys }),
    api('/apikeys/verify', { POST: on.verifyApiKey }),
  ]
}
