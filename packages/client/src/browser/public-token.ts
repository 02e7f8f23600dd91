/**
 * The token and userinfo endpoints, as a public client asks them. On a server oauth4webapi is the protocol engine; here
 * it would be half of all that a page loads, for ID tokens and proofs that nobody asks for. What is left of RFC 6749 are
 * the few rules below, and `public-token.test.ts` holds them to oauth4webapi's verdict on every answer.
 */
import type { Protocol } from '@civitai-oauth/core/dialect'
import { type Call, answerWithinMs, leaveAloneMs, mayAskAgain } from '@civitai-oauth/core/retry'
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

const askOnce = async (
  { dialect, clientId, tokenBase }: PublicTarget,
  parameters: Record<string, string>,
): Promise<TokenAnswer | Unavailable> => {
  const sentAt = Date.now()
  let lost = true
  let retryAfterMs = leaveAloneMs
  try {
    const response = await fetch(tokenBase + dialect.endpoints.token, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ client_id: clientId, ...parameters }),
      // What is sent is a secret: it goes to this address, and to none that it might point to.
      redirect: 'error',
      credentials: 'omit',
      signal: AbortSignal.timeout(answerWithinMs),
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

/** A grant of RFC 6749 with its parameters; asked again where core's rule has it. */
export const askToken = async (
  target: PublicTarget,
  call: Call,
  parameters: Record<string, string>,
): Promise<TokenAnswer | Unavailable> => {
  const answer = await askOnce(target, parameters)
  return answer._tag === 'Unavailable' && mayAskAgain(call, answer) ? askOnce(target, parameters) : answer
}

/** `undefined`: no answer that names anybody. */
export const askUser = async (target: PublicTarget, accessToken: string, again = true): Promise<User | undefined> => {
  try {
    const response = await fetch(target.tokenBase + target.dialect.endpoints.userinfo, {
      headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
      signal: AbortSignal.timeout(answerWithinMs),
    })
    if (response.ok) return userOf(await response.json())
  } catch {
    if (again && mayAskAgain('userinfo', { lost: true })) return askUser(target, accessToken, false)
  }
}
