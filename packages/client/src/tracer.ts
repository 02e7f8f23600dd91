/** OpenTelemetry, as far as it is used here: what `trace.getTracer('…')` of `@opentelemetry/api` answers fits. */

export interface TraceSpan {
  setAttribute(name: string, value: string | number): unknown
  setStatus(status: { readonly code: number }): unknown
  end(): void
}

export interface Tracer {
  /** Calls `run` once, at once; spans begun while it or its promise goes on are children, by the tracer's own context. */
  startActiveSpan<A>(
    name: string,
    options: { readonly kind: number; readonly attributes: Readonly<Record<string, string | number>> },
    run: (span: TraceSpan) => A,
  ): A
}
