/**
 * Signing in from a program on the person's own machine: their browser comes back to a server on `localhost` that lives as
 * long as they are away (RFC 8252 section 7.3). Nothing is kept: what to do with the tokens is the program's matter.
 */
import { type Server, type ServerResponse, createServer } from 'node:http'
import { issuerRequired } from '@civitai-oauth/core/dialect'
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import { quaily } from '@civitai-oauth/core/dialects/quaily'
import { s256, verifierOf } from '@civitai-oauth/core/pkce'
import { type CallbackQuery, type Pending, type Rejection, verifyCallback } from '@civitai-oauth/core/sign-in'
import * as Effect from 'effect/Effect'
import { defaultApiOrigin } from './api-origin.ts'
import type { AppDialect } from './app-dialect.ts'
import { type AuthorizationServer, createAuthorizationServer } from './authorization-server.ts'
import { type AuthError, type ClientErrorTag, failure } from './error.ts'
import type { DialectChoice, ScopesOf } from './options.ts'
import { platform } from './platform.ts'
import { run } from './run.ts'
import type { TerminalSignIn } from './terminal-sign-in.ts'
import { tokensOf } from './token-answer.ts'

export interface LoopbackOptions<D extends DialectChoice = 'civitai'> {
  /** Of a public app. */
  readonly clientId: string
  /** `http://localhost:PORT/PATH`, as it is registered: Civitai compares it character for character, the port too. */
  readonly redirectUri: string
  readonly dialect?: D
  readonly scopes?: readonly ScopesOf<D>[]
  /** Default: production. */
  readonly issuer?: string
  /** Quaily's API, where it is not production's or below the issuer. */
  readonly apiOrigin?: string
  /** Shows the address to the person, or opens it in their browser. */
  readonly onAddress: (address: string) => void
  /** Gives up waiting. */
  readonly signal?: AbortSignal
}

const dialects = { civitai, quaily } as const

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

const parseRedirect = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' && url.port !== '' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))
    return url
  throw new TypeError(`A redirect URI such as http://localhost:8765/callback is needed, not "${text}".`)
}

/** What to tell the program, where the callback does not count. One of another attempt says nothing about this one. */
const failureOf = (rejection: Exclude<Rejection, 'StateMismatch'>, { error = '' }: CallbackQuery) => {
  if (rejection === 'Denied') return failure('ConsentDenied')
  return rejection === 'ServerRefused' || rejection === 'InteractionRequired'
    ? failure('ServerRefused', { error })
    : failure(rejection)
}

const show = (response: ServerResponse, status: number, text: string) =>
  response
    .writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    })
    .end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign-in</title><p>${text}</p></html>`)

const listen = async ({ hostname, port }: URL, server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }, resolve)
  })

const exchanged = async (
  server: AuthorizationServer,
  callback: Parameters<AuthorizationServer['exchange']>[0],
  asked: readonly string[],
): Promise<TerminalSignIn> => {
  const lost = () => Effect.fail(failure('ServerUnavailable', { until: Date.now(), sent: true }))
  const answer = await run(Effect.catchTag(server.exchange(callback), 'Unavailable', lost))
  if (answer._tag === 'Refused') throw failure('ExchangeRefused', { error: answer.error })
  const tokens = tokensOf(answer, asked, null)
  const user = await run(Effect.catchTag(server.userinfo(tokens.accessToken), 'Unavailable', lost))
  if ('_tag' in user) throw failure('ExchangeRefused', { error: user.error })
  return { user, ...tokens }
}

/**
 * Signs a person in through their browser. Throws `ConsentDenied`, `IssuerMismatch`, `ServerRefused` or `ExchangeRefused`
 * with the server's code, or `ServerUnavailable`; the signal's reason when it is aborted; and what `node:http` throws where
 * the port is taken.
 */
export const loopbackSignIn = async <D extends DialectChoice = 'civitai'>(
  options: LoopbackOptions<D>,
): Promise<TerminalSignIn> => {
  const choice: DialectChoice = options.dialect ?? 'civitai'
  const dialect = (typeof choice === 'string' ? dialects[choice] : choice) as AppDialect<string> as AppDialect
  const redirect = parseRedirect(options.redirectUri)
  const issuer = (options.issuer ?? dialect.production.auth).replace(/\/+$/, '')
  const api = (options.apiOrigin ?? defaultApiOrigin(dialect, issuer)).replace(/\/+$/, '')
  const { clientId, signal } = options
  signal?.throwIfAborted()
  const server = createAuthorizationServer(
    {
      dialect,
      clientId,
      clientSecrets: [],
      issuer,
      tokenBase: dialect.hosts === 'two' ? api : issuer,
      onEvent: () => undefined,
    },
    platform,
  )
  const scopes = dialect.scopes.setOf([...dialect.scopes.baseline, ...(options.scopes ?? [])])
  const verifier = verifierOf(random(32))
  const pending: Pending = {
    state: hex(random(16)),
    verifier,
    redirectUri: options.redirectUri,
    returnTo: '/',
    startedAt: Date.now(),
    silent: false,
  }
  const { promise, resolve, reject } = Promise.withResolvers<TerminalSignIn>()
  let over = false

  const answer = async (url: URL, response: ServerResponse): Promise<void> => {
    if (url.pathname !== redirect.pathname) return void show(response, 404, 'There is nothing here.')
    if (over) return void show(response, 400, 'This sign-in is over. Close this window.')
    const query = Object.fromEntries(url.searchParams) as CallbackQuery
    const doubled = url.searchParams.size !== Object.keys(query).length
    const required = await run(
      issuerRequired(dialect, issuer) && query.code !== undefined && query.iss === undefined
        ? Effect.catchTag(server.issuerRequired, 'Unavailable', () => Effect.succeed(true))
        : Effect.succeed(false),
    )
    const verified = verifyCallback(query, pending, { issuer, issuerRequired: required }, Date.now())
    if (doubled || (verified._tag === 'Rejected' && verified.rejection === 'StateMismatch'))
      return void show(response, 400, 'This is not the sign-in that the program waits for.')
    over = true
    try {
      if (verified._tag === 'Rejected')
        throw failureOf(verified.rejection as Exclude<Rejection, 'StateMismatch'>, query)
      resolve(await exchanged(server, verified.callback, scopes))
      show(response, 200, 'You are signed in. Close this window and go back to the program.')
    } catch (error) {
      reject(error as AuthError<ClientErrorTag>)
      show(response, 400, 'You are not signed in. Close this window and go back to the program.')
    }
  }

  const http = createServer((request, response) => {
    // A browser that was led here by another name is not the person's own doing.
    if (request.headers.host !== redirect.host || request.method !== 'GET') return void show(response, 403, 'Not here.')
    // Put behind our origin, a target names no other host; one that is no path then is no address at all.
    const address = redirect.origin + (request.url ?? '/')
    if (!URL.canParse(address)) return void show(response, 404, 'There is nothing here.')
    void answer(new URL(address), response)
  })
  const stop = () => reject(signal?.reason as Error)
  signal?.addEventListener('abort', stop)
  try {
    await listen(redirect, http)
    options.onAddress(server.authorizeUrl({ pending, challenge: await s256(verifier), scopes }))
    return await promise
  } finally {
    signal?.removeEventListener('abort', stop)
    http.close()
    // What was answered is read; what is only open holds nobody up.
    http.closeIdleConnections()
  }
}
