/**
 * The token and userinfo endpoints, as a public client asks them. On a server oauth4webapi is the protocol engine; here
 * it would be half of all that a page loads, for ID tokens and proofs that nobody asks for. What is left of RFC 6749 are
 * the few rules below, and `public-token.test.ts` holds them to oauth4webapi's verdict on every answer.
 */
import type { Protocol } from '@civitai-oauth/core/dialect'
import type { User } from '@civitai-oauth/core/session'
import { type TokenAnswer, type TokenResponse, grantedBy } from '../token-answer.ts'
import { userOf } from '../user.ts'
import { type Json, inStandardWords, isJson } from '../wire-answer.ts'

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

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** A bearer, and nothing beside it that is not what it should be (RFC 6749 section 5.1). */
const tokenResponseIn = (body: Json): TokenResponse | undefined => {
  const { access_token, refresh_token, scope } = body
  const seconds = body['expires_in'] === undefined ? undefined : parseFloat(String(body['expires_in']))
  const lives = seconds === undefined || (seconds >= 0 && seconds < Infinity)
  const isBearer = /^bearer$/i.test(String(body['token_type']))
  if (isBearer && lives && isText(access_token) && (refresh_token === undefined || isText(refresh_token)))
    return { access_token, refresh_token, expires_in: seconds, scope: scope === '' ? undefined : scope }
}

export const askToken = async (
  { dialect, clientId, tokenBase }: PublicTarget,
  grant: string,
  parameters: Record<string, string>,
): Promise<TokenAnswer | Unavailable> => {
  const sentAt = Date.now()
  let lost = true
  let retryAfterMs = backOffMs
  try {
    const response = await fetch(tokenBase + dialect.endpoints.token, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ ...parameters, client_id: clientId, grant_type: grant }),
      // What is sent is a secret: it goes to this address, and to none that it might point to.
      redirect: 'error',
      credentials: 'omit',
      signal: AbortSignal.timeout(patienceMs),
    })
    lost = response.ok
    const seconds = Number(response.headers.get('retry-after'))
    if (seconds > 0) retryAfterMs = seconds * 1000
    const answer: unknown = await response.json()
    if (isJson(answer)) {
      const [status, body] = inStandardWords(dialect, response.status, answer)
      lost = lost && status < 400
      const granted = status === 200 && tokenResponseIn(body)
      if (granted) return grantedBy(granted, dialect, sentAt)
      if (status >= 400 && status < 500 && status !== 429 && isText(body['error']))
        return { _tag: 'Refused', error: body['error'] }
    }
  } catch {
    // Not reached, not in time, or not JSON: no answer that counts.
  }
  return { _tag: 'Unavailable', lost, retryAfterMs }
}

/** `undefined`: no answer that names anybody. */
export const askUser = async ({ dialect, tokenBase }: PublicTarget, accessToken: string): Promise<User | undefined> => {
  const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' }
  for (let tries = 0; tries < 2; tries++) {
    try {
      const signal = AbortSignal.timeout(patienceMs)
      const response = await fetch(tokenBase + dialect.endpoints.userinfo, { headers, signal })
      if (response.status < 500) return userOf(await response.json())
    } catch {
      // Asked once more: looking changes nothing.
    }
  }
}
