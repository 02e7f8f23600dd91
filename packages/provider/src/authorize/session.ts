import * as Effect from 'effect/Effect'
import type { Incoming } from '../http/exchange.ts'
import type { Refusal } from '../http/refusal.ts'
import type { Person } from '../provider.ts'
import type { Services } from '../services.ts'
import { step } from '../storage/step.ts'
import { digest } from '../token.ts'

export interface BrowserSession {
  readonly person: Person
  readonly hash: Uint8Array
  /** When the person signed in: Unix milliseconds. */
  readonly createdAt: number
}

/**
 * True for a form of another site's page without our cookie, which SameSite=Lax keeps back: whether anybody is signed in
 * here is known only when the browser asks again by GET.
 */
export const cookieWithheld = ({ cookie, issuer }: Services, { method, header }: Incoming): boolean => {
  const origin = method === 'POST' ? header('origin') : null
  return origin !== null && origin !== issuer && cookie.read(header('cookie')) === null
}

/** Who this browser is signed in as; `null` for nobody. */
export const sessionOf = (
  { cookie, storage, clock }: Services,
  incoming: Incoming,
): Effect.Effect<BrowserSession | null, Refusal> => {
  const id = cookie.read(incoming.header('cookie'))
  if (id === null) return Effect.succeed(null)
  const hash = digest(id)
  return Effect.map(
    step(() => storage.sessions.find(hash, clock.now())),
    (found) => found && { person: found.person, hash, createdAt: found.createdAt },
  )
}
