/** The address a person is sent to (RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
import type { Protocol } from '@civitai-oauth/core/dialect'
import type { Pending } from '@civitai-oauth/core/sign-in'

export interface AuthorizeRequest {
  readonly pending: Pending
  readonly challenge: string
  readonly scopes: readonly string[]
  /** OpenID Connect Core section 3.1.2.1: `none` shows no page. */
  readonly prompt?: string | undefined
}

export interface AuthorizeTarget {
  readonly dialect: Pick<Protocol, 'endpoints' | 'scopes'>
  readonly issuer: string
  readonly clientId: string
}

export const authorizeUrl = (
  { dialect, issuer, clientId }: AuthorizeTarget,
  { pending, challenge, scopes, prompt }: AuthorizeRequest,
): string => {
  const scope = dialect.scopes.format(scopes)
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: pending.redirectUri,
    ...(scope !== '' && { scope }),
    state: pending.state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...(prompt !== undefined && { prompt }),
  })
  return `${issuer}${dialect.endpoints.authorize}?${query}`
}
