/**
 * Whom a request to the token endpoint and its neighbours counts for. What an app has proved to send counts for the app.
 * What anybody can send who knows its `client_id`, which is no secret, counts for that id at the caller's address: nobody
 * uses up an app's requests from elsewhere.
 */
import * as Effect from 'effect/Effect'
import { deviceGrant } from '../device/device-grant.ts'
import type { Incoming } from '../http/exchange.ts'
import type { Form } from '../http/form.ts'
import type { Refusal } from '../http/refusal.ts'
import { addressKey } from '../limiter.ts'
import type { RateTable } from '../limits.ts'
import type { Services } from '../services.ts'
import { digest } from '../token.ts'
import type { Credentials } from './client-authentication.ts'

type Counted = Effect.Effect<void, Refusal>

/** Counts a request of somebody who knows the `client_id`. */
export const countUnproved = (
  { limits }: Services,
  name: keyof RateTable,
  { clientId }: Credentials,
  { address }: Incoming,
): Counted => limits.check(name, `${clientId} ${addressKey(address)}`, `${name}-unproved`)

/** Counts authentications that fail. Above the rate the answer is 429. */
export const countingFailures =
  (services: Services, name: keyof RateTable, credentials: Credentials, incoming: Incoming) =>
  <A>(authentication: Effect.Effect<A, Refusal>): Effect.Effect<A, Refusal> =>
    Effect.tapError(authentication, ({ _tag }) =>
      _tag === 'ClientAuthenticationFailed' ? countUnproved(services, name, credentials, incoming) : Effect.void,
    )

export interface CallerLimit {
  /** Before anything is looked up. */
  readonly asked: Counted
  /** Once the app is known, and before anything is spent. */
  readonly known: Counted
  readonly failed: (refused: Refusal) => Counted
  readonly answered: Effect.Effect<void>
}

const nothing: CallerLimit = {
  asked: Effect.void,
  known: Effect.void,
  failed: () => Effect.void,
  answered: Effect.void,
}

/** Of one request to the token endpoint. */
export const callerLimit = (
  services: Services,
  incoming: Incoming,
  credentials: Credentials,
  form: Form,
): CallerLimit => {
  const { limits, profiles } = services
  const { clientId, secret } = credentials
  if (profiles.has('token-limit-by-address'))
    return { ...nothing, asked: limits.check('token', addressKey(incoming.address)) }

  const unproved = countUnproved(services, 'token', credentials, incoming)
  const failedBy =
    (...tags: readonly Refusal['_tag'][]) =>
    ({ _tag }: Refusal) =>
      tags.includes(_tag) ? unproved : Effect.void

  // Devices ask every few seconds, each for itself: `slow_down` keeps them apart, and this is above what that allows.
  if (form.get('grant_type') === deviceGrant) {
    const device = digest(form.get('device_code') ?? '').toString('base64url')
    return {
      ...nothing,
      asked: limits.check('token', device, 'device-poll'),
      failed: failedBy('ClientAuthenticationFailed', 'CodeInvalid'),
    }
  }

  const failed = failedBy('ClientAuthenticationFailed')
  if (secret !== null) return { ...nothing, known: limits.check('token', clientId), failed }

  // Without a secret only the code or the refresh token proves anything, and it is known to be good once it is spent. So
  // there must be room before, and the app's own count goes up after.
  return {
    ...nothing,
    known: Effect.flatMap(unproved, () => limits.room('token', clientId)),
    failed,
    answered: Effect.ignore(limits.check('token', clientId)),
  }
}
