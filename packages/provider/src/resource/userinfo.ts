/** OpenID Connect's userinfo, as Civitai answers it. What a person does not have is left out. */
import * as Effect from 'effect/Effect'
import { json } from '../http/answer.ts'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import type { Refusal } from '../http/refusal.ts'
import type { Person } from '../provider.ts'
import type { Services } from '../services.ts'
import { bearer } from './bearer.ts'

export const claimsOf = ({ id, username, picture, email, emailVerified }: Person) => ({
  sub: String(id),
  id,
  username,
  preferred_username: username,
  name: username,
  ...(picture === null ? {} : { picture, image: picture }),
  ...(email === null ? {} : { email, email_verified: emailVerified }),
})

export const userinfo = (services: Services) =>
  Effect.fnUntraced(function* (incoming: Incoming): Effect.fn.Return<Outgoing, Refusal> {
    const { person } = yield* bearer(services, incoming, 'civitai', 'UserRead')
    return json(200, claimsOf(person))
  })
