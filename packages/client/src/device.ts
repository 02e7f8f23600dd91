/**
 * Signing in where there is no browser: a program shows a code, its person enters it elsewhere, and the program polls
 * (RFC 8628). Civitai's server answers it though no page of its documentation says so.
 */
import type { Dialect } from '@civitai-oauth/core/dialect'
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import type { ScopeName } from '@civitai-oauth/core/scope'
import * as oauth from 'oauth4webapi'
import { failure } from './error.ts'
import type { TerminalSignIn } from './terminal-sign-in.ts'
import { grantedBy, tokensOf } from './token-answer.ts'
import { userOf } from './user.ts'
import { normalising } from './wire.ts'

export { type LoopbackOptions, loopbackSignIn } from './loopback.ts'
export type { TerminalSignIn } from './terminal-sign-in.ts'

export interface DeviceCode {
  /** What the person types, e.g. `BCDF-GHJK`. */
  readonly userCode: string
  /** Where they type it. */
  readonly verificationUri: string
  /** The same with the code in it, for a QR code or a link; not every server has one. */
  readonly verificationUriComplete: string | undefined
  /** Unix milliseconds. */
  readonly expiresAt: number
}

export interface DeviceOptions {
  readonly clientId: string
  /** Confidential apps only. */
  readonly clientSecret?: string
  readonly scopes?: readonly ScopeName[]
  /** Default: production. */
  readonly issuer?: string
  /** Shows the code to the person. */
  readonly onCode: (code: DeviceCode) => void
  /** Gives up waiting. */
  readonly signal?: AbortSignal
}

/** Where Civitai answers; observed, so not among the dialect's documented endpoints. */
const endpoints = { code: '/api/auth/oauth/device', token: '/api/auth/oauth/device-token' }
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const defaultIntervalMs = 5_000

/** Seconds pass here, and nowhere else: tests bring their own. */
export interface DevicePlatform {
  readonly fetch: typeof globalThis.fetch
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
}

const platform: DevicePlatform = {
  fetch: (input, init) => globalThis.fetch(input, init),
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((done, fail) => {
      signal?.throwIfAborted()
      const stop = () => {
        clearTimeout(timer)
        fail(signal?.reason as Error)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        done()
      }, ms)
      signal?.addEventListener('abort', stop)
    }),
}

const errorOf = (error: unknown): string | undefined =>
  error instanceof oauth.ResponseBodyError ? error.error : undefined

/**
 * Signs a person in by device code. Throws `ConsentDenied`, `AttemptExpired` when nobody entered the code in time,
 * `ServerRefused` with the server's code, or `ServerUnavailable`; the signal's reason when it is aborted.
 */
export const deviceSignIn = async (options: DeviceOptions, on: DevicePlatform = platform): Promise<TerminalSignIn> => {
  const dialect: Dialect = civitai as Dialect<string> as Dialect
  const issuer = (options.issuer ?? dialect.production.auth).replace(/\/+$/, '')
  const scopes = dialect.scopes.setOf([...dialect.scopes.baseline, ...(options.scopes ?? [])])
  const as: oauth.AuthorizationServer = {
    issuer,
    device_authorization_endpoint: issuer + endpoints.code,
    token_endpoint: issuer + endpoints.token,
  }
  const client: oauth.Client = { client_id: options.clientId }
  const authentication =
    options.clientSecret === undefined ? oauth.None() : oauth.ClientSecretPost(options.clientSecret)
  const request = {
    [oauth.customFetch]: normalising(dialect, on.fetch),
    [oauth.allowInsecureRequests]: true,
    ...(options.signal && { signal: options.signal }),
  }

  /** Answers, or what the server refused it with; `undefined` while it does not answer. */
  const attempt = async <A>(
    send: () => Promise<Response>,
    read: (response: Response) => Promise<A>,
  ): Promise<{ readonly answer: A } | { readonly error: string } | undefined> => {
    try {
      const response = await send()
      if (response.status === 429 || response.status >= 500) return
      return { answer: await read(response) }
    } catch (thrown) {
      options.signal?.throwIfAborted()
      const error = errorOf(thrown)
      return error === undefined ? undefined : { error }
    }
  }

  const begun = await attempt(
    () =>
      oauth.deviceAuthorizationRequest(as, client, authentication, { scope: dialect.scopes.format(scopes) }, request),
    (response) => oauth.processDeviceAuthorizationResponse(as, client, response),
  )
  if (begun === undefined) throw failure('ServerUnavailable', { until: on.now(), sent: true })
  if ('error' in begun) throw failure('ServerRefused', begun)
  const { device_code: deviceCode, interval, expires_in: seconds } = begun.answer
  const expiresAt = on.now() + seconds * 1000
  options.onCode({
    userCode: begun.answer.user_code,
    verificationUri: begun.answer.verification_uri,
    verificationUriComplete: begun.answer.verification_uri_complete,
    expiresAt,
  })

  let wait = interval === undefined ? defaultIntervalMs : interval * 1000
  while (on.now() < expiresAt) {
    await on.sleep(wait, options.signal)
    const sentAt = on.now()
    const polled = await attempt(
      () =>
        oauth.genericTokenEndpointRequest(
          as,
          client,
          authentication,
          deviceGrant,
          { device_code: deviceCode },
          request,
        ),
      async (response) =>
        grantedBy(await oauth.processGenericTokenEndpointResponse(as, client, response), dialect, sentAt),
    )
    if (polled !== undefined && 'answer' in polled) {
      const tokens = tokensOf(polled.answer, scopes, null)
      const headers = { authorization: `Bearer ${tokens.accessToken}`, accept: 'application/json' }
      const claims = await on.fetch(issuer + dialect.endpoints.userinfo, { headers })
      const user = userOf(await claims.json().catch(() => undefined))
      if (user === undefined) throw failure('ServerUnavailable', { until: on.now(), sent: true })
      return { user, ...tokens }
    }
    if (polled?.error === 'access_denied') throw failure('ConsentDenied')
    if (polled?.error === 'expired_token') throw failure('AttemptExpired')
    // No answer counts as being asked to slow down (RFC 8628 section 3.5).
    if (polled === undefined || polled.error === 'slow_down') wait += defaultIntervalMs
    else if (polled.error !== 'authorization_pending') throw failure('ServerRefused', polled)
  }
  throw failure('AttemptExpired')
}
