/**
 * The authorization server, as this app speaks to it. oauth4webapi is the protocol engine; Effect carries the calls.
 * A call either answers (`Granted`, `Refused`) or fails as `Unavailable`, which says nothing about anybody's session.
 */
import { issuerRequired } from '@civitai-oauth/core/dialect'
import type { Pending, Tokens, VerifiedCallback } from '@civitai-oauth/core/sign-in'
import type { User } from '@civitai-oauth/core/session'
import * as Duration from 'effect/Duration'
import * as Effect from 'effect/Effect'
import * as oauth from 'oauth4webapi'
import * as z from 'zod/mini'
import type { Settings } from './options.ts'
import type { Platform } from './platform.ts'
import { normalising } from './wire.ts'

/** No answer that counts. `lost`: it was sent, and may have been carried out. */
export interface Unavailable {
  readonly _tag: 'Unavailable'
  readonly lost: boolean
  /** As the server asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined
}

/** Tokens as they came. `undefined` where the server did not say: what was asked for, or held before, still counts. */
export interface Granted extends Omit<Tokens, 'scopes' | 'refreshToken'> {
  readonly _tag: 'Granted'
  readonly refreshToken: string | undefined
  readonly scopes: readonly string[] | undefined
}

export interface Refused {
  readonly _tag: 'Refused'
  /** RFC 6749 section 5.2. */
  readonly error: string
}

export type TokenAnswer = Granted | Refused

export interface AuthorizationServer {
  authorizeUrl(request: {
    readonly pending: Pending
    readonly challenge: string
    readonly scopes: readonly string[]
    readonly prompt: string | undefined
  }): string
  exchange(callback: VerifiedCallback): Effect.Effect<TokenAnswer, Unavailable>
  refresh(refreshToken: string): Effect.Effect<TokenAnswer, Unavailable>
  userinfo(accessToken: string): Effect.Effect<User | Refused, Unavailable>
  /** True once the server has taken the token back. */
  revoke(token: string): Effect.Effect<boolean>
  /**
   * Whether a callback without `iss` must be refused (RFC 9207 section 2.4). The dialect knows; a server that publishes
   * metadata without the promise is believed instead. Asked for once, when first in doubt.
   */
  readonly issuerRequired: Effect.Effect<boolean, Unavailable>
}

/** Longest wait for one answer. */
const patienceMs = 10_000
/** Safe to ask again where asking twice does no harm: at once, and once. */
const lostAnswers = { times: 1, while: (failure: Unavailable) => failure.lost } as const

const Claims = z.object({
  sub: z.coerce.string(),
  preferred_username: z.nullish(z.string()),
  username: z.nullish(z.string()),
  name: z.nullish(z.string()),
  picture: z.nullish(z.string()),
  image: z.nullish(z.string()),
  email: z.nullish(z.string()),
  email_verified: z.nullish(z.boolean()),
})

/** RFC 8414 section 2; RFC 9207 section 3. */
const Metadata = z.object({
  issuer: z.string(),
  authorization_response_iss_parameter_supported: z.optional(z.boolean()),
})

/** Claims as the app keeps them: absent stays absent, and nothing is kept twice. */
const userOf = (claims: z.infer<typeof Claims>): User => {
  const username = claims.preferred_username ?? claims.username ?? claims.name ?? claims.sub
  const picture = claims.picture ?? claims.image
  return {
    id: claims.sub,
    username,
    ...(claims.name != null && claims.name !== username && { name: claims.name }),
    ...(picture != null && { picture }),
    ...(claims.email != null && { email: claims.email, emailVerified: claims.email_verified === true }),
  }
}

const retryAfterMs = (response: Response, now: number): number | undefined => {
  const value = response.headers.get('retry-after')
  if (value === null) return
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

export const createAuthorizationServer = (settings: Settings, { fetch, now }: Platform): AuthorizationServer => {
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
      Effect.timeoutOrElse({ duration: Duration.millis(patienceMs), orElse: () => Effect.fail(unavailable(true)) }),
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

  const granted = (body: oauth.TokenEndpointResponse, at: number): Granted => ({
    _tag: 'Granted',
    accessToken: body.access_token,
    refreshToken: body.refresh_token,
    expiresAt: at + (body.expires_in ?? dialect.lifetimes.access) * 1000,
    scopes: body.scope === undefined ? undefined : dialect.scopes.parse(body.scope),
  })

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
        Effect.map((body): TokenAnswer => granted(body, at)),
        Effect.catchTag('Refused', (refused) => Effect.succeed<TokenAnswer>(refused)),
      )
    })

  /** A secret that was just rotated away is not the end: each of the others is tried once, and the one that works stays. */
  const askWithRing = (grant: string, parameters: Record<string, string>) => {
    const attempt = (left: number): Effect.Effect<TokenAnswer, Unavailable> =>
      Effect.flatMap(ask(grant, parameters), (answer) => {
        if (answer._tag !== 'Refused' || answer.error !== 'invalid_client' || left <= 0) return Effect.succeed(answer)
        secret = (secret + 1) % clientSecrets.length
        return attempt(left - 1)
      })
    return attempt(clientSecrets.length - 1)
  }

  let required = issuerRequired(dialect, issuer) ? undefined : false
  return {
    authorizeUrl: ({ pending, challenge, scopes, prompt }) => {
      const url = new URL(issuer + endpoints.authorize)
      const parameters = {
        response_type: 'code',
        client_id: clientId,
        redirect_uri: pending.redirectUri,
        scope: dialect.scopes.format(scopes),
        state: pending.state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...(prompt !== undefined && { prompt }),
      }
      url.search = new URLSearchParams(parameters).toString()
      return url.href
    },
    exchange: ({ code, verifier, redirectUri }) =>
      askWithRing('authorization_code', { code, code_verifier: verifier, redirect_uri: redirectUri }),
    refresh: (refreshToken) =>
      askWithRing('refresh_token', { refresh_token: refreshToken }).pipe(Effect.retry(lostAnswers)),
    userinfo: (accessToken) =>
      call((signal) => oauth.userInfoRequest(as, client, accessToken, request(signal))).pipe(
        Effect.retry(lostAnswers),
        Effect.flatMap((response): Effect.Effect<User | Refused, Unavailable> => {
          const error = response.status === 403 ? 'insufficient_scope' : 'invalid_token'
          if (response.status !== 200) return Effect.succeed({ _tag: 'Refused', error })
          return Effect.tryPromise({
            try: async () => userOf(Claims.parse(await response.json())),
            catch: () => unavailable(false),
          })
        }),
      ),
    revoke: (token) =>
      as.revocation_endpoint === undefined || clientSecrets.length === 0
        ? Effect.succeed(false)
        : call((signal) => oauth.revocationRequest(as, client, authentication(), token, request(signal))).pipe(
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
