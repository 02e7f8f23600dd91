/** The token and userinfo endpoints, as a public client asks them. oauth4webapi is the protocol engine here too. */
import type { Protocol } from '@civitai-oauth/core/dialect'
import type { User } from '@civitai-oauth/core/session'
import {
  type AuthorizationServer,
  None,
  RESPONSE_BODY_ERROR,
  allowInsecureRequests,
  customFetch,
  genericTokenEndpointRequest,
  processGenericTokenEndpointResponse,
} from 'oauth4webapi'
import { type TokenAnswer, grantedBy } from '../token-answer.ts'
import { userOf } from '../user.ts'
import { normalising } from '../wire.ts'

/** `lost`: it was sent, and may have been carried out. */
export interface Unavailable {
  readonly _tag: 'Unavailable'
  readonly lost: boolean
  readonly retryAfterMs: number
}

const backOffMs = 5_000
const patienceMs = 10_000

export interface PublicTarget {
  readonly dialect: Protocol
  readonly clientId: string
  readonly issuer: string
  /** The base of the token and userinfo endpoints. */
  readonly tokenBase: string
}

export const askToken = async (
  { dialect, clientId, issuer, tokenBase }: PublicTarget,
  grant: string,
  parameters: Record<string, string>,
): Promise<TokenAnswer | Unavailable> => {
  const as: AuthorizationServer = { issuer, token_endpoint: tokenBase + dialect.endpoints.token }
  const client = { client_id: clientId }
  const sentAt = Date.now()
  let answered = false
  try {
    const response = await genericTokenEndpointRequest(as, client, None(), grant, parameters, {
      [customFetch]: normalising(dialect, (input, init) => fetch(input, init)),
      // A page on https cannot reach plain http anyway; on localhost it may.
      [allowInsecureRequests]: true,
      signal: AbortSignal.timeout(patienceMs),
    })
    answered = response.status !== 200
    if (response.status === 429 || response.status >= 500) {
      const seconds = Number(response.headers.get('retry-after'))
      return { _tag: 'Unavailable', lost: false, retryAfterMs: seconds > 0 ? seconds * 1000 : backOffMs }
    }
    return grantedBy(await processGenericTokenEndpointResponse(as, client, response), dialect, sentAt)
  } catch (failure) {
    const { code, error } = failure as { readonly code?: string; readonly error?: string }
    if (code === RESPONSE_BODY_ERROR && error !== undefined) return { _tag: 'Refused', error }
    return { _tag: 'Unavailable', lost: !answered, retryAfterMs: backOffMs }
  }
}

/** `undefined`: no answer that names anybody. */
export const askUser = async ({ dialect, tokenBase }: PublicTarget, accessToken: string): Promise<User | undefined> => {
  const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' }
  for (let tries = 0; tries < 2; tries++) {
    try {
      const response = await fetch(tokenBase + dialect.endpoints.userinfo, {
        headers,
        signal: AbortSignal.timeout(patienceMs),
      })
      if (response.status < 500) return userOf(await response.json())
    } catch {
      // Asked once more: looking changes nothing.
    }
  }
}
