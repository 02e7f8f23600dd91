/** Civitai's OAuth as one value. Source: Civitai's public OAuth pages. */
import type { Dialect } from '../dialect.ts'
import * as Scope from '../scope.ts'
import { labelOf } from '../scope-label.ts'
import { civitaiProtocol } from './civitai-protocol.ts'
import { type CivitaiQuirk, quirks } from './civitai-quirks.ts'

export type { CivitaiQuirk } from './civitai-quirks.ts'

export const civitai: Dialect<Scope.Scope, CivitaiQuirk> = {
  ...civitaiProtocol,
  name: 'civitai',
  title: 'Civitai',
  scopes: {
    ...civitaiProtocol.scopes,
    wire: 'bitmask',
    names: Scope.names,
    trustedOnly: [],
    spends: Scope.spendsBuzz,
    underBuzzLimit: Scope.underBuzzLimit,
    deletes: Scope.deletes,
    reserved: Scope.reserved,
    withImplied: Scope.setOf,
    label: labelOf,
    contains: Scope.contains,
  },
  pkce: { required: true, methods: ['S256'], absent: null },
  state: 'required',
  responseType: 'required',
  clientAuthentication: 'client_secret_post',
  grants: ['authorization_code', 'refresh_token', 'client_credentials'],
  redirectUris: 'list',
  trust: { flag: 'isVerified', effect: 'badge' },
  lifetimes: { ...civitaiProtocol.lifetimes, code: 600, refresh: 30 * 86_400 },
  tokenPrefix: 'civitai_',
  accessSurvivesRefresh: false,
  echoesScope: true,
  sendsExpiry: false,
  envelope: 'none',
  subject: 'public',
  revokes: 'token',
  buzzLimits: true,
  discovery: true,
  quirks,
}
