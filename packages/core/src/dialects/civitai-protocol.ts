/** What an app has to know to speak Civitai's OAuth: all that a browser carries of it. Source: Civitai's public OAuth pages. */
import type { Protocol } from '../dialect.ts'
import * as Scope from '../scope.ts'

export const civitaiProtocol = {
  scopes: {
    baseline: [Scope.baseline],
    isKnown: Scope.isScope,
    setOf: Scope.setOf,
    parse: Scope.parse,
    format: Scope.format,
  },
  hosts: 'one',
  production: { auth: 'https://auth.civitai.com', api: 'https://civitai.com' },
  endpoints: {
    authorize: '/api/auth/oauth/authorize',
    token: '/api/auth/oauth/token',
    userinfo: '/api/auth/oauth/userinfo',
    revoke: '/api/auth/oauth/revoke',
  },
  lifetimes: { access: 3600 },
  errors: 'rfc6749',
  sendsIssuer: true,
} as const satisfies Protocol<Scope.Scope>
