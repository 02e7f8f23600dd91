/** What a token endpoint's answer means, once the protocol engine has accepted it. */
import type { Protocol } from '@civitai-oauth/core/dialect'
import type { Tokens } from '@civitai-oauth/core/sign-in'

/** Tokens as they came. `undefined` where the server did not say: what was asked for, or held before, still counts. */
export interface Granted {
  readonly _tag: 'Granted'
  readonly accessToken: string
  readonly refreshToken: string | undefined
  /** Unix milliseconds. */
  readonly expiresAt: number
  readonly scopes: readonly string[] | undefined
}

export interface Refused {
  readonly _tag: 'Refused'
  /** RFC 6749 section 5.2. */
  readonly error: string
}

export type TokenAnswer = Granted | Refused

/** A token response that was found to be one (RFC 6749 section 5.1). */
export interface TokenResponse {
  readonly access_token: string
  readonly refresh_token?: string | undefined
  /** Seconds. */
  readonly expires_in?: number | undefined
  readonly scope?: unknown
}

/** `sentAt`: when the request left, so that an expiry is never reckoned too late. */
export const grantedBy = (body: TokenResponse, dialect: Protocol, sentAt: number): Granted => ({
  _tag: 'Granted',
  accessToken: body.access_token,
  refreshToken: body.refresh_token,
  expiresAt: sentAt + (body.expires_in ?? dialect.lifetimes.access) * 1000,
  scopes: body.scope === undefined ? undefined : dialect.scopes.parse(body.scope),
})

/** The tokens, with what was held or asked for standing in where the server did not say. */
export const tokensOf = (answer: Granted, scopes: readonly string[], refreshToken: string | null): Tokens => ({
  accessToken: answer.accessToken,
  refreshToken: answer.refreshToken ?? refreshToken,
  expiresAt: answer.expiresAt,
  scopes: answer.scopes ?? scopes,
})
