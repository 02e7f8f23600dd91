/** A tracer that keeps its spans, and knows their parents as OpenTelemetry's does: by the asynchronous context. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Tracer } from '../../src/index.ts'

export interface KeptSpan {
  name: string
  readonly kind: number
  readonly parent: KeptSpan | undefined
  readonly attributes: Record<string, string | number>
  failed: boolean
  /** How often it was ended: once, for a good one. */
  ended: number
}

export const memoryTracer = (): { readonly tracer: Tracer; readonly spans: readonly KeptSpan[] } => {
  const active = new AsyncLocalStorage<KeptSpan>()
  const spans: KeptSpan[] = []
  return {
    spans,
    tracer: {
      startActiveSpan: (name, { kind }, run) => {
        const kept: KeptSpan = { name, kind, parent: active.getStore(), attributes: {}, failed: false, ended: 0 }
        spans.push(kept)
        const span = {
          setAttribute: (attribute: string, value: string | number) => void (kept.attributes[attribute] = value),
          updateName: (better: string) => void (kept.name = better),
          setStatus: ({ code }: { readonly code: number }) => void (kept.failed = code === 2),
          end: () => void (kept.ended += 1),
        }
        return active.run(kept, () => run(span))
      },
    },
  }
}
