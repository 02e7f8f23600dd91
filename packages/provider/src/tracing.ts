/**
 * Spans, for whoever hands in a tracer; nothing of this runs without one. A request is one span, and each operation of
 * its storage a child. Attributes are routes, statuses, ids of apps and tags of results: nothing a caller wrote is among
 * them, so no secret can be.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Incoming, Outgoing } from './http/exchange.ts'
import type { RouteName } from './http/route.ts'
import { authBase } from './quaily/routes.ts'
import type { Storage } from './storage/storage.ts'

/** A span of `@opentelemetry/api`, as far as it is used here. */
export interface TraceSpan {
  setAttribute(name: string, value: string | number): unknown
  updateName(name: string): unknown
  setStatus(status: { readonly code: number }): unknown
  end(): void
}

/**
 * What `trace.getTracer('…')` of `@opentelemetry/api` answers fits. `run` is called once, at once; spans started while it
 * or its promise goes on are children, as the tracer's own context manager sees to.
 */
export interface Tracer {
  startActiveSpan<A>(name: string, options: { readonly kind: number }, run: (span: TraceSpan) => A): A
}

export interface Tracing {
  readonly request: (handle: Handle) => Handle
  /** Which route the request being answered took. */
  readonly answered: (route: RouteName) => void
  readonly storage: (storage: Storage) => Storage
}

type Handle = (incoming: Incoming) => Promise<Outgoing>
type Operation = (...given: readonly unknown[]) => Promise<unknown>

interface Current {
  readonly span: TraceSpan
  readonly method: string
  readonly target: string
  clientId?: string
}

// OpenTelemetry's numbers for SpanKind and SpanStatusCode.
const kinds = { internal: 0, server: 1 } as const
const failed = { code: 2 } as const

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const memberOf = (value: unknown, name: 'clientId' | '_tag'): string | undefined => {
  const member = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name]
  return typeof member === 'string' ? member : undefined
}

export const tracingOf = (tracer: Tracer): Tracing => {
  const requests = new AsyncLocalStorage<Current>()

  /** The app of a request is the first that storage knows it by: what a caller only claims is never looked at. */
  const meet = (values: readonly unknown[]): void => {
    const current = requests.getStore()
    if (current === undefined || current.clientId !== undefined) return
    const clientId = values.map((value) => memberOf(value, 'clientId')).find((id) => id !== undefined)
    if (clientId === undefined) return
    current.clientId = clientId
    current.span.setAttribute('oauth.client_id', clientId)
  }

  const operation =
    (name: string, run: Operation): Operation =>
    (...given) =>
      tracer.startActiveSpan(`storage ${name}`, { kind: kinds.internal }, async (span) => {
        meet(given)
        try {
          const result = await run(...given)
          meet([result])
          const tag = memberOf(result, '_tag')
          if (tag !== undefined) span.setAttribute('storage.result', tag)
          return result
        } catch (error) {
          span.setStatus(failed)
          span.setAttribute('error.type', memberOf(error, '_tag') ?? 'defect')
          throw error
        } finally {
          span.end()
        }
      })

  const group = <G extends object>(name: string, operations: G): G =>
    Object.fromEntries(
      Object.entries(operations).map(([own, run]) => [own, operation(`${name}.${own}`, run as Operation)]),
    ) as G

  return {
    request: (handle) => (incoming) => {
      const method = methods.has(incoming.method) ? incoming.method : '_OTHER'
      return tracer.startActiveSpan(method, { kind: kinds.server }, (span) =>
        requests.run({ span, method, target: incoming.target }, async () => {
          span.setAttribute('http.request.method', method)
          try {
            const answer = await handle(incoming)
            span.setAttribute('http.response.status_code', answer.status)
            if (answer.status >= 500) span.setStatus(failed)
            return answer
          } catch (error) {
            span.setStatus(failed)
            throw error
          } finally {
            span.end()
          }
        }),
      )
    },
    answered: (route) => {
      const current = requests.getStore()
      if (current === undefined) return
      const { span, method, target } = current
      span.updateName(`${method} ${route}`)
      span.setAttribute('http.route', route)
      if (route !== 'health')
        span.setAttribute('oauth.dialect', target.startsWith(`${authBase}/`) ? 'quaily' : 'civitai')
    },
    storage: ({ upkeep, ...groups }) => {
      const traced = Object.entries(groups).map(([name, operations]) => [name, group(name, operations)])
      return { ...(Object.fromEntries(traced) as typeof groups), upkeep }
    },
  }
}
