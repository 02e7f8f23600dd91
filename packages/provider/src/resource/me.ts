/** `GET /api/v1/me` of Civitai's public API: who the token is for. */
import * as Effect from 'effect/Effect'
import { json } from '../http/answer.ts'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import type { Refusal } from '../http/refusal.ts'
import type { Services } from '../services.ts'
import { bearer } from './bearer.ts'

export const me = (services: Services) =>
  Effect.fnUntraced(function* (incoming: Incoming): Effect.fn.Return<Outgoing, Refusal> {
    const { person } = yield* bearer(services, incoming, 'civitai', 'UserRead')
    return json(200, {
      id: person.id,
      username: person.username,
      tier: 'free',
      status: 'active',
      isMember: false,
      subscriptions: [],
      ...(person.email === null ? {} : { email: person.email, emailVerified: person.emailVerified }),
      ...(person.picture === null ? {} : { image: person.picture }),
    })
  })
