/** Civitai's OAuth as one value. Source: Civitai's public OAuth pages. */
import type { Dialect } from '../dialect.ts'
import * as Scope from '../scope.ts'
import { labelOf } from '../scope-label.ts'

export const civitai: Dialect<Scope.Scope> = {
  name: 'civitai',
  title: 'Civitai',
  scopes: {
    names: Scope.names,
    baseline: [Scope.baseline],
    trustedOnly: [],
    underBuzzLimit: Scope.underBuzzLimit,
    isKnown: (value): value is Scope.Scope => Scope.bitOf(value) >= 0,
    setOf: Scope.setOf,
    parse: Scope.parse,
    format: Scope.format,
    label: labelOf,
    contains: Scope.contains,
  },
  production: { auth: 'https://auth.civitai.com', api: 'https://civitai.com' },
  endpoints: {
    authorize: '/api/auth/oauth/authorize',
    token: '/api/auth/oauth/token',
    userinfo: '/api/auth/oauth/userinfo',
    revoke: '/api/auth/oauth/revoke',
  },
  pkce: { required: true, methods: ['S256'], absent: null },
  clientAuthentication: 'client_secret_post',
  grants: ['authorization_code', 'refresh_token', 'client_credentials'],
  redirectUris: 'list',
  trust: { flag: 'isVerified', effect: 'badge' },
  lifetimes: { code: 600, access: 3600, refresh: 30 * 86_400 },
  accessSurvivesRefresh: false,
  echoesScope: true,
  sendsExpiry: false,
  errors: 'rfc6749',
  subject: 'public',
  revokes: 'token',
  buzzLimits: true,
  discovery: true,
  sendsIssuer: true,
  quirks: [],
}
