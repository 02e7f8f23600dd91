/** Quaily's paths: pages below AUTH_BASE, everything else below API_BASE. */
import { quaily } from '@civitai-oauth/core/dialects/quaily'
import { authorize } from '../authorize/authorize.ts'
import { posted } from '../authorize/posted.ts'
import type { Elsewhere, Entry, Route, RouteName } from '../http/route.ts'
import type { Services } from '../services.ts'
import { grantsOf, token } from '../token/token.ts'
import { refusalsOf } from './answer.ts'
import { approve } from './approve.ts'
import { showCode } from './code-page.ts'
import { dialectOf, type QuailyOptions, rulesOf } from './options.ts'
import { resources } from './resources.ts'

export const authBase = '/quaily'
export const apiBase = '/quaily/api'
export const authorizePath = authBase + quaily.endpoints.authorize

export interface Mounted {
  readonly entries: readonly Entry[]
  /** What is nowhere below Quaily's paths is told in its own shape. */
  readonly elsewhere: readonly Elsewhere[]
}

export const quailyRoutes = (services: Services, pairwiseSalt: Uint8Array, options: QuailyOptions): Mounted => {
  const rules = rulesOf(options)
  const dialect = dialectOf(rules)
  const { endpoints } = dialect
  const refusals = refusalsOf(rules)
  const on = resources(services, pairwiseSalt, rules)

  const page = (path: string, methods: Route['methods']): Entry => [
    authBase + path,
    { name: 'authorize', methods, refused: refusals.page, cors: false },
  ]
  const api = (path: string, methods: Route['methods'], name: RouteName = 'quaily'): Entry => [
    apiBase + path,
    { name, methods, refused: refusals.api, cors: true },
  ]
  const exchange = token(services, dialect, grantsOf(services, dialect), rules.clientSecret)

  const entries: readonly Entry[] = [
    page(endpoints.authorize, { GET: authorize(services, dialect), POST: posted(services, dialect) }),
    page('/oauth/code', { GET: showCode }),
    api(endpoints.authorize, { GET: approve(services, dialect) }),
    [apiBase + endpoints.token, { name: 'token', methods: { POST: exchange }, refused: refusals.token, cors: true }],
    api(endpoints.userinfo, { GET: on.userinfo }, 'userinfo'),
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
  const elsewhere: readonly Elsewhere[] = [
    [`${apiBase}/`, { name: 'quaily', methods: {}, refused: refusals.api, cors: true }],
    [`${authBase}/`, { name: 'quaily', methods: {}, refused: refusals.page, cors: false }],
  ]
  return { entries, elsewhere }
}
