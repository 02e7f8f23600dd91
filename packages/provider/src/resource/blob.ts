/** A picture that stands in for generated work: two colours drawn from its own name. Anybody with the address may look. */
import { createHash } from 'node:crypto'
import * as Effect from 'effect/Effect'
import type { Outgoing } from '../http/exchange.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import type { Handler } from '../http/route.ts'

const picture = (id: string): string => {
  const [first = 0, second = 0, turn = 0] = createHash('sha256').update(id).digest()
  const colour = (byte: number) => `hsl(${Math.round((byte / 255) * 360)} 65% 55%)`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1024 1024" width="1024" height="1024">
<defs><linearGradient id="g" gradientTransform="rotate(${turn % 90})"><stop stop-color="${colour(first)}"/><stop offset="1" stop-color="${colour(second)}"/></linearGradient></defs>
<rect width="1024" height="1024" fill="url(#g)"/>
</svg>
`
}

export const blob: Handler = (_, __, [id = '']): Effect.Effect<Outgoing, Refusal> =>
  /^blob_\w{1,64}$/.test(id)
    ? Effect.succeed({
        status: 200,
        headers: [
          'content-type',
          'image/svg+xml',
          'cache-control',
          'public, max-age=86400',
          'content-security-policy',
          "default-src 'none'; sandbox",
          'x-content-type-options',
          'nosniff',
          'cross-origin-resource-policy',
          'cross-origin',
        ],
        body: picture(id),
      })
    : refuse('NotFound')
