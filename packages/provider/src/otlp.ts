/**
 * A tracer that sends its spans to an OpenTelemetry collector: OTLP over HTTP, as JSON. Loaded by whoever turns tracing
 * on, and by nobody else. Batches, retries and giving up are Effect's exporter's: a collector that does not answer costs
 * spans, never a request.
 *
 * Source: the OpenTelemetry protocol 1.x, `opentelemetry/proto/trace/v1/trace.proto` in its JSON form.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import * as Effect from 'effect/Effect'
import * as Exit from 'effect/Exit'
import * as FetchHttpClient from 'effect/http/FetchHttpClient'
import * as HttpBody from 'effect/http/HttpBody'
import * as Layer from 'effect/Layer'
import * as OtlpExporter from 'effect/observability/OtlpExporter'
import * as Scope from 'effect/Scope'
import type { Tracer, TraceSpan } from './tracing.ts'

export interface OtlpOptions {
  /** Where traces are posted, whole: `http://localhost:4318/v1/traces`. */
  readonly url: string
  /** Sent with every batch: a collector's key, for one. */
  readonly headers?: Readonly<Record<string, string>>
  /** What the spans say of who made them. */
  readonly serviceName: string
  readonly serviceVersion?: string
  /** How long spans are gathered at the most, in milliseconds; 5,000 unless told. */
  readonly everyMs?: number
  /** How long `close` tries to send what is left, in milliseconds; 3,000 unless told. */
  readonly graceMs?: number
}

export interface OtlpTracer {
  readonly tracer: Tracer
  /** Sends what is gathered. */
  close(): Promise<void>
}

/** A batch a collector has not taken after this is given up. */
const patienceMs = 10_000
const mostInBatch = 500

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  endTimeUnixNano: string
  readonly attributes: { readonly key: string; readonly value: object }[]
  status: { readonly code?: number }
}

const now = (): string => String(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n)

const valueOf = (value: string | number): object =>
  typeof value === 'string' ? { stringValue: value } : { intValue: String(value) }

const attributesOf = (values: Readonly<Record<string, string | undefined>>): Span['attributes'] =>
  Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: valueOf(value) }]))

/** Spans as `tracing.ts` asks for them; `done` gets each once, when it has ended. */
const tracerOf = (done: (span: Span) => void): Tracer => {
  const active = new AsyncLocalStorage<Span>()
  return {
    startActiveSpan: (name, { kind }, run) => {
      const parent = active.getStore()
      const span: Span = {
        traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
        spanId: randomBytes(8).toString('hex'),
        ...(parent === undefined ? {} : { parentSpanId: parent.spanId }),
        name,
        // Counted from 1 on the wire, where 0 is "unspecified".
        kind: kind + 1,
        startTimeUnixNano: now(),
        endTimeUnixNano: '',
        attributes: [],
        status: {},
      }
      const handle: TraceSpan = {
        setAttribute: (key, value) => span.attributes.push({ key, value: valueOf(value) }),
        updateName: (better) => void (span.name = better),
        setStatus: ({ code }) => void (span.status = { code }),
        end: () => {
          span.endTimeUnixNano = now()
          done(span)
        },
      }
      return active.run(span, () => run(handle))
    },
  }
}

/** The collector's key goes to the collector, and to nowhere it may lead. */
const patientFetch: typeof fetch = (input, init = {}) => {
  const late = AbortSignal.timeout(patienceMs)
  return fetch(input, { ...init, redirect: 'error', signal: init.signal ? AbortSignal.any([init.signal, late]) : late })
}

export const otlpTracer = async (options: OtlpOptions): Promise<OtlpTracer> => {
  const { url, headers = {}, serviceName, serviceVersion, everyMs = 5_000, graceMs = 3_000 } = options
  const resource = { attributes: attributesOf({ 'service.name': serviceName, 'service.version': serviceVersion }) }
  const scope = Scope.makeUnsafe()
  const client = FetchHttpClient.layer.pipe(Layer.provideMerge(Layer.succeed(FetchHttpClient.Fetch, patientFetch)))
  const exporter = OtlpExporter.make({
    label: 'civitai-oauth',
    url,
    headers,
    exportInterval: everyMs,
    maxBatchSize: mostInBatch,
    shutdownTimeout: graceMs,
    body: (spans: readonly Span[]) => [
      HttpBody.text(
        JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'civitai-oauth' }, spans }] }] }),
        'application/json',
      ),
      Effect.void,
    ],
  })
  const { push } = await Effect.runPromise(
    exporter.pipe(
      Effect.provide(Layer.merge(client, OtlpExporter.layerFlusher)),
      Effect.provideService(Scope.Scope, scope),
    ),
  )
  return { tracer: tracerOf(push), close: () => Effect.runPromise(Scope.close(scope, Exit.void)) }
}
