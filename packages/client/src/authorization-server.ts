/**
 * The authorization server, as this app speaks to it. oauth4webapi is the protocol engine; Effect carries the calls.
 * A call either answers (`Granted`, `Refused`) or fails as `Unavailable`, which says nothing about anybody's session.
 */
import { issuerRequired } from '@civitai-oauth/core/dialect'
import { type Call, answerWithinMs, mayAskAgain } from '@civitai-oauth/core/retry'
import type { VerifiedCallback } from '@civitai-oauth/core/sign-in'
import type { User } from '@civitai-oauth/core/session'
import * as Duration from 'effect/Duration'
import * as Effect from 'effect/Effect'
import * as oauth from 'oauth4webapi'
import * as z from 'zod/mini'
import type { Settings } from './options.ts'
import type { Platform } from './platform.ts'
import { type AuthorizeRequest, authorizeUrl } from './authorize-url.ts'
import { type Refused, type TokenAnswer, grantedBy } from './token-answer.ts'
import { userOf } from './user.ts'
import { normalising } from './wire.ts'

/** No answer that counts. `lost`: it was sent, and may have been carried out. */
export interface Unavailable {
  readonly _tag: 'Unavailable'
  readonly lost: boolean
  /** As the server asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined
}

export interface AuthorizationServer {
  authorizeUrl(request: AuthorizeRequest): string
  exchange(callback: VerifiedCallback): Effect.Effect<TokenAnswer, Unavailable>
  refresh(refreshToken: string): Effect.Effect<TokenAnswer, Unavailable>
  /** RFC 6749 section 4.4: a token for the app's own account. */
  owner(scopes: readonly string[]): Effect.Effect<TokenAnswer, Unavailable>
  userinfo(accessToken: string): Effect.Effect<User | Refused, Unavailable>
  /** True once the server has taken the token back. */
  revoke(token: string): Effect.Effect<boolean>
  /**
   * Whether a callback without `iss` must be refused (RFC 9207 section 2.4). The dialect knows; a server that publishes
   * metadata without the promise is believed instead. Asked for once, when first in doubt.
   */
  readonly issuerRequired: Effect.Effect<boolean, Unavailable>
}

/** Core's rule for what may be asked twice. */
const askingAgain =
  (call: Call) =>
  <A>(work: Effect.Effect<A, Unavailable>): Effect.Effect<A, Unavailable> =>
    Effect.retry(work, { times: 1, while: (failure) => mayAskAgain(call, failure) })

/** RFC 8414 section 2; RFC 9207 section 3. */
const Metadata = z.object({
  issuer: z.string(),
  authorization_response_iss_parameter_supported: z.optional(z.boolean()),
})

const retryAfterMs = (response: Response, now: number): number | undefined => {
  const value = response.headers.get('retry-after')
  if (value === null) return
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

/** What it has to know of an app. */
export type App = Pick<Settings, 'dialect' | 'clientId' | 'clientSecrets' | 'issuer' | 'tokenBase' | 'onEvent'>

export const createAuthorizationServer = (settings: App, { fetch, now }: Platform): AuthorizationServer => {
  const { dialect, clientId, clientSecrets, issuer, tokenBase } = settings
  const { endpoints } = dialect
  const as: oauth.AuthorizationServer = {
    issuer,
    token_endpoint: tokenBase + endpoints.token,
    userinfo_endpoint: tokenBase + endpoints.userinfo,
    ...(endpoints.revoke !== null && { revocation_endpoint: tokenBase + endpoints.revoke }),
  }
  const client: oauth.Client = { client_id: clientId }
  const boundary = normalising(dialect, fetch)
  // Options have settled that plain http is a loopback address.
  const request = (signal: AbortSignal) => ({
    signal,
    [oauth.customFetch]: boundary,
    [oauth.allowInsecureRequests]: true,
  })

  const unavailable = (lost: boolean, response?: Response): Unavailable => ({
    _tag: 'Unavailable',
    lost,
    retryAfterMs: response && retryAfterMs(response, now()),
  })

  /** One call: sent, waited for, and told apart from a server that is busy or broken. */
  const call = (send: (signal: AbortSignal) => Promise<Response>): Effect.Effect<Response, Unavailable> =>
    Effect.tryPromise({ try: send, catch: () => unavailable(true) }).pipe(
      Effect.timeoutOrElse({ duration: Duration.millis(answerWithinMs), orElse: () => Effect.fail(unavailable(true)) }),
      Effect.flatMap((response) =>
        response.status === 429 || response.status >= 500
          ? Effect.fail(unavailable(false, response))
          : Effect.succeed(response),
      ),
    )

  let secret = 0
  const authentication = () => {
    const value = clientSecrets[secret]
    return value === undefined || dialect.clientAuthentication === 'none' ? oauth.None() : oauth.ClientSecretPost(value)
  }

  const ask = (grant: string, parameters: Record<string, string>): Effect.Effect<TokenAnswer, Unavailable> =>
    Effect.suspend(() => {
      const at = now()
      return call((signal) =>
        oauth.genericTokenEndpointRequest(as, client, authentication(), grant, parameters, request(signal)),
      ).pipe(
        Effect.flatMap((response) =>
          Effect.tryPromise({
            try: () => oauth.processGenericTokenEndpointResponse(as, client, response),
            catch: (error): Refused | Unavailable =>
              error instanceof oauth.ResponseBodyError
                ? { _tag: 'Refused', error: error.error }
                : unavailable(response.ok),
          }),
        ),
        Effect.map((body): TokenAnswer => grantedBy(body, dialect, at)),
        Effect.catchTag('Refused', (refused) => Effect.succeed<TokenAnswer>(refused)),
      )
    })

  /** A secret that was just rotated away is not the end: each of the others is tried once, and the one that works stays. */
  const askWithRing = (grant: string, parameters: Record<string, string>) => {
    const attempt = (left: number): Effect.Effect<TokenAnswer, Unavailable> =>
      Effect.suspend(() => {
        const used = secret
        return Effect.flatMap(ask(grant, parameters), (answer) => {
          if (answer._tag !== 'Refused' || answer.error !== 'invalid_client' || left <= 0) return Effect.succeed(answer)
          // Whoever was refused at the same time may have moved on already.
          if (secret === used) {
            settings.onEvent({ type: 'client-secret-refused', position: used })
            secret = (used + 1) % clientSecrets.length
          }
          return attempt(left - 1)
        })
      })
    return attempt(clientSecrets.length - 1)
  }

  let required = issuerRequired(dialect, issuer) ? undefined : false
  return {
    authorizeUrl: (request) => authorizeUrl(settings, request),
    exchange: ({ code, verifier, redirectUri }) =>
      askWithRing('authorization_code', { code, code_verifier: verifier, redirect_uri: redirectUri }),
    refresh: (refreshToken) =>
      askWithRing('refresh_token', { refresh_token: refreshToken }).pipe(askingAgain('refresh')),
    owner: (scopes) =>
      askWithRing('client_credentials', scopes.length > 0 ? { scope: dialect.scopes.format(scopes) } : {}).pipe(
        askingAgain('owner'),
      ),
    userinfo: (accessToken) =>
      call((signal) => oauth.userInfoRequest(as, client, accessToken, request(signal))).pipe(
        askingAgain('userinfo'),
        Effect.flatMap((response): Effect.Effect<User | Refused, Unavailable> => {
          const error = response.status === 403 ? 'insufficient_scope' : 'invalid_token'
          if (response.status !== 200) return Effect.succeed({ _tag: 'Refused', error })
          return Effect.flatMap(
            Effect.promise(async () => userOf(await response.json().catch(() => undefined))),
            (user) => (user === undefined ? Effect.fail(unavailable(false)) : Effect.succeed(user)),
          )
        }),
      ),
    revoke: (token) =>
      as.revocation_endpoint === undefined || clientSecrets.length === 0
        ? Effect.succeed(false)
        : call((signal) => oauth.revocationRequest(as, client, authentication(), token, request(signal))).pipe(
            askingAgain('revoke'),
            Effect.map((response) => response.ok),
            Effect.catchTag('Unavailable', () => Effect.succeed(false)),
          ),
    issuerRequired: Effect.suspend(() => {
      if (required !== undefined) return Effect.succeed(required)
      const url = `${issuer}/.well-known/openid-configuration`
      return call((signal) => fetch(url, { signal, headers: { accept: 'application/json' } })).pipe(
        Effect.flatMap((response) =>
          Effect.promise(async () => {
            const metadata = response.ok ? Metadata.safeParse(await response.json().catch(() => undefined)) : undefined
            required = metadata?.success ? metadata.data.authorization_response_iss_parameter_supported === true : true
            return required
          }),
        ),
      )
    }),
  }
}
