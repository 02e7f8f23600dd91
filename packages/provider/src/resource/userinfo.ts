/** OpenID Connect's userinfo, as Civitai answers it. What a person does not have is left out. */
import * as Effect from 'effect/Effect'
import { anyOrigin, json } from '../http/answer.ts'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import type { Refusal } from '../http/refusal.ts'
import type { Person } from '../provider.ts'
import type { Services } from '../services.ts'
import { digest } from '../token.ts'
import { bearer, bearerOf } from './bearer.ts'

export const claimsOf = ({ id, username, picture, email, emailVerified }: Person) => ({
  sub: String(id),
  id,
  username,
  preferred_username: username,
  name: username,
  ...(picture === null ? {} : { picture, image: picture }),
  ...(email === null ? {} : { email, email_verified: emailVerified }),
})

const quickHeaders = json(200, {}, anyOrigin).headers

/** The same answer for a token that is good; `null` for whatever is not. */
export const quickUserinfo =
  ({ storage, clock }: Services) =>
  async ({ header }: Incoming): Promise<Outgoing | null> => {
    const text = bearerOf(header('authorization'))
    const token = text === undefined ? null : await storage.tokens.find(digest(text), clock.now())
    // Every token of Civitai's holds UserRead: only the dialect is left to look at.
    return token?.dialect === 'civitai'
      ? { status: 200, headers: quickHeaders, body: JSON.stringify(claimsOf(token.person)) }
      : null
  }

export const userinfo = (services: Services) =>
  Effect.fnUntraced(function* (incoming: Incoming): Effect.fn.Return<Outgoing, Refusal> {
    const { person } = yield* bearer(services, incoming, 'civitai', 'UserRead')
    return json(200, claimsOf(person))
  })
