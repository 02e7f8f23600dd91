/**
 * Civitai's OAuth without the words for people and without the observed differences: all that a browser needs of it.
 * Source: Civitai's public OAuth pages.
 */
import type { Protocol } from '../dialect.ts'
import * as Scope from '../scope.ts'

export const civitaiProtocol: Protocol<Scope.Scope> = {
  name: 'civitai',
  title: 'Civitai',
  scopes: {
    wire: 'bitmask',
    names: Scope.names,
    baseline: [Scope.baseline],
    trustedOnly: [],
    spends: Scope.spendsBuzz,
    underBuzzLimit: Scope.underBuzzLimit,
    deletes: Scope.deletes,
    reserved: Scope.reserved,
    isKnown: Scope.isScope,
    setOf: Scope.setOf,
    withImplied: Scope.setOf,
    parse: Scope.parse,
    format: Scope.format,
    contains: Scope.contains,
  },
  hosts: 'one',
  production: { auth: 'https://auth.civitai.com', api: 'https://civitai.com' },
  endpoints: {
    authorize: '/api/auth/oauth/authorize',
    token: '/api/auth/oauth/token',
    userinfo: '/api/auth/oauth/userinfo',
    revoke: '/api/auth/oauth/revoke',
  },
  pkce: { required: true, methods: ['S256'], absent: null },
  state: 'required',
  responseType: 'required',
  clientAuthentication: 'client_secret_post',
  grants: ['authorization_code', 'refresh_token', 'client_credentials'],
  redirectUris: 'list',
  trust: { flag: 'isVerified', effect: 'badge' },
  lifetimes: { code: 600, access: 3600, refresh: 30 * 86_400 },
  tokenPrefix: 'civitai_',
  accessSurvivesRefresh: false,
  echoesScope: true,
  sendsExpiry: false,
  envelope: 'none',
  errors: 'rfc6749',
  subject: 'public',
  revokes: 'token',
  buzzLimits: true,
  discovery: true,
  sendsIssuer: true,
}
