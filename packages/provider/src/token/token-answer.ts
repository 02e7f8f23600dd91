import type { Dialect } from '@civitai-oauth/core/dialect'
import { json } from '../http/answer.ts'
import type { Outgoing } from '../http/exchange.ts'
import { scopesIn } from '../scope-mask.ts'
import type { Services } from '../services.ts'

/** `scope` as the profile writes it: documented as a decimal string, seen as a number and as an array. */
const scopeOnWire = (text: string, { profiles }: Services): unknown => {
  if (profiles.has('scope-as-array')) return [text]
  return profiles.has('scope-as-number') ? Number(text) : text
}

/** To the second: some clients know no smaller unit. */
const rfc3339 = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')

/** `issuedAt`: a replayed answer is the first one's, to the letter. RFC 6749 section 5.1, with what the dialect adds. */
export const tokenAnswer = (
  services: Services,
  dialect: Dialect,
  scopes: number,
  issuedAt: number,
  tokens: { readonly access: string; readonly refresh?: string },
): Outgoing => {
  const { access } = dialect.lifetimes
  return json(200, {
    access_token: tokens.access,
    token_type: 'Bearer',
    expires_in: access,
    ...(tokens.refresh === undefined ? {} : { refresh_token: tokens.refresh }),
    ...(dialect.echoesScope ? { scope: scopeOnWire(dialect.scopes.format(scopesIn(dialect, scopes)), services) } : {}),
    ...(dialect.sendsExpiry ? { expiry: rfc3339(issuedAt + access * 1000) } : {}),
  })
}
