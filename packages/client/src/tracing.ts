/**
 * Spans of what the app's side does, for whoever hands in a tracer; nothing of this runs without one. Attributes are
 * names, statuses, codes of errors, hosts and the app's id: no token, code, state, cookie or query is ever among them.
 */
import * as Effect from 'effect/Effect'
import * as Exit from 'effect/Exit'
import type { AuthorizationServer, Unavailable } from './authorization-server.ts'
import { errorTagOf } from './answer.ts'
import { isAuthError } from './error.ts'
import type { Settings } from './options.ts'
import { run } from './run.ts'
import type { TraceSpan } from './tracer.ts'

type Attributes = Readonly<Record<string, string | number>>
type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

export interface Tracing {
  readonly server: (server: AuthorizationServer) => AuthorizationServer
  /** Around one of our own routes. */
  readonly route: (name: string, answer: () => Promise<Response>) => Promise<Response>
  /** Around a call of the API, with all it takes: a renewed token, another try. */
  readonly fetch: (fetch: Fetch) => Fetch
}

const untraced: Tracing = { server: (server) => server, route: (_, answer) => answer(), fetch: (fetch) => fetch }

// OpenTelemetry's numbers for SpanKind and SpanStatusCode.
const kinds = { internal: 0, client: 2 } as const
const failed = { code: 2 } as const

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const fail = (span: TraceSpan, type: string) => {
  span.setAttribute('error.type', type)
  span.setStatus(failed)
}

/** A server's own code, spelled as RFC 6749 spells codes. */
const codeOf = (error: string) => (/^[\w.-]{1,60}$/.test(error) ? error : '_OTHER')

const outcomeOf = (exit: Exit.Exit<unknown, Unavailable>, span: TraceSpan): string => {
  if (!Exit.isSuccess(exit)) {
    fail(span, 'Unavailable')
    return 'unavailable'
  }
  const answer = exit.value as { readonly _tag?: string; readonly error?: string } | boolean
  if (answer === false) return 'refused'
  if (typeof answer !== 'object' || answer._tag !== 'Refused') return 'granted'
  span.setAttribute('oauth.error', codeOf(answer.error ?? ''))
  return 'refused'
}

export const tracingOf = (settings: Settings): Tracing => {
  const { tracer, issuer, clientId, origin } = settings
  if (tracer === undefined) return untraced
  const shared = {
    'oauth.dialect': settings.dialectName,
    'oauth.client_id': clientId,
    // On this machine the request tells, and what a request tells is in no span.
    'app.host': origin === undefined ? 'localhost' : new URL(origin).host,
  }

  const span = <A>(
    name: string,
    kind: number,
    attributes: Attributes,
    work: (span: TraceSpan) => Promise<A>,
  ): Promise<A> =>
    tracer.startActiveSpan(name, { kind, attributes: { ...shared, ...attributes } }, async (span) => {
      try {
        return await work(span)
      } catch (error) {
        fail(span, isAuthError(error) ? error._tag : 'defect')
        throw error
      } finally {
        span.end()
      }
    })

  /** One call of the authorization server, tries again included. */
  const call = <A, E extends Unavailable>(name: string, work: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.flatten(
      Effect.promise(() =>
        span(`oauth ${name}`, kinds.client, { 'server.address': new URL(issuer).host }, async (span) => {
          const exit = await run(Effect.exit(work))
          span.setAttribute('oauth.outcome', outcomeOf(exit, span))
          return exit
        }),
      ),
    )

  const answered = (span: TraceSpan, response: Response): Response => {
    span.setAttribute('http.response.status_code', response.status)
    const type = errorTagOf(response)
    if (type !== undefined) span.setAttribute('error.type', type)
    if (response.status >= 500) span.setStatus(failed)
    return response
  }

  return {
    server: (server) => ({
      ...server,
      exchange: (callback) => call('exchange', server.exchange(callback)),
      refresh: (token) => call('refresh', server.refresh(token)),
      owner: (scopes) => call('owner', server.owner(scopes)),
      userinfo: (token) => call('userinfo', server.userinfo(token)),
      revoke: (token) => call('revoke', server.revoke(token)),
    }),
    route: (name, answer) => span(`oauth ${name}`, kinds.internal, {}, async (span) => answered(span, await answer())),
    fetch: (fetch) => (input, init) => {
      const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
      const known = methods.has(method) ? method : '_OTHER'
      const attributes = { 'http.request.method': known, 'server.address': new URL(settings.apiOrigin).host }
      return span(`api ${known}`, kinds.client, attributes, async (span) => answered(span, await fetch(input, init)))
    },
  }
}
