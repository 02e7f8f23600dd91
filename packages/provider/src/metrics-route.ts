/** `/metrics`, for whoever holds the bearer that the operator chose. */
import * as Effect from 'effect/Effect'
import { jsonRefusal } from './http/answer.ts'
import { refuse } from './http/refusal.ts'
import type { Entry } from './http/route.ts'
import type { Metrics } from './metrics.ts'
import { digest, same } from './token.ts'

export const metricsRoute = (metrics: Metrics, bearer: string): Entry => {
  const right = digest(`Bearer ${bearer}`)
  return [
    '/metrics',
    {
      name: 'health',
      methods: {
        GET: ({ header }) =>
          same(digest(header('authorization') ?? ''), right)
            ? Effect.sync(() => ({
                status: 200,
                headers: ['content-type', 'text/plain; version=0.0.4; charset=utf-8', 'cache-control', 'no-store'],
                body: metrics.text(),
              }))
            : refuse('TokenInvalid', 'Send the metrics bearer.'),
      },
      refused: jsonRefusal,
      cors: false,
    },
  ]
}
