/** The discovery documents: OpenID Connect Discovery section 3 and RFC 8414 section 2, from the same rows. */
import { deviceGrant } from './device/device-grant.ts'
import type { Dialect } from '@civitai-oauth/core/dialect'
import type { Profiles } from './profile.ts'

/** Paths that are this server's own and in no dialect. */
export const extra = {
  device: '/api/auth/oauth/device',
  deviceToken: '/api/auth/oauth/device-token',
  introspect: '/api/auth/oauth/introspect',
  keys: '/.well-known/jwks.json',
} as const

/** What is promised here is what the profile of this moment does. */
export const discoveryOf = (
  issuer: string,
  { endpoints, grants, scopes }: Dialect,
  profiles: Profiles,
): Readonly<Record<string, unknown>> => {
  const at = (path: string) => issuer + path
  const devices = profiles.has('device-flow')
  const authentication = ['client_secret_post', 'client_secret_basic', 'none']
  return {
    issuer,
    authorization_endpoint: at(endpoints.authorize),
    token_endpoint: at(endpoints.token),
    userinfo_endpoint: at(endpoints.userinfo),
    ...(profiles.has('introspection') ? { introspection_endpoint: at(extra.introspect) } : {}),
    ...(devices ? { device_authorization_endpoint: at(extra.device) } : {}),
    jwks_uri: at(extra.keys),
    ...(endpoints.revoke === null ? {} : { revocation_endpoint: at(endpoints.revoke) }),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: devices ? [...grants, deviceGrant] : grants,
    subject_types_supported: ['public'],
    // Civitai's scope is one decimal number; these are the values of its single bits.
    scopes_supported: scopes.names.map((name) => scopes.format([name])),
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: authentication,
    revocation_endpoint_auth_methods_supported: authentication.filter((method) => method !== 'none'),
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    claims_supported: [
      'sub',
      'id',
      'username',
      'preferred_username',
      'name',
      'picture',
      'image',
      'email',
      'email_verified',
    ],
    // RFC 9207 section 3: a client that reads this refuses an answer without `iss`.
    authorization_response_iss_parameter_supported: !profiles.has('no-issuer'),
  }
}
