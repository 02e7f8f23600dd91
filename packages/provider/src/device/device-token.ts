/** Where the device asks whether its person has answered: RFC 8628 section 3.4. */
import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import type { Outgoing } from '../http/exchange.ts'
import { type Form, required } from '../http/form.ts'
import { type Refusal, refusal, refuse } from '../http/refusal.ts'
import type { Services } from '../services.ts'
import type { KeptApp } from '../storage/apps.ts'
import type { PollResult } from '../storage/devices.ts'
import { step } from '../storage/step.ts'
import { redeem } from '../token/redeem-code.ts'
import { digest } from '../token.ts'
import { noAddress, noChallenge } from './verify.ts'

const refusals: Record<Exclude<PollResult['_tag'], 'Approved'>, Refusal> = {
  Waiting: refusal('DevicePending'),
  TooSoon: refusal('DeviceTooSoon'),
  Denied: refusal('ConsentDenied'),
  Expired: refusal('DeviceExpired'),
  Unknown: refusal('CodeInvalid', 'No such device code was issued to this app.'),
}

export const deviceToken = (services: Services, dialect: Dialect) => {
  const { storage, clock, profiles } = services
  const redeemed = redeem(services, dialect)
  return Effect.fnUntraced(function* (app: KeptApp, form: Form): Effect.fn.Return<Outgoing, Refusal> {
    if (!profiles.has('device-flow')) return yield* refuse('GrantTypeUnsupported')
    const code = yield* required(form, 'device_code')
    const polled = yield* step(() => storage.devices.poll(digest(code), app.clientId, clock.now()))
    if (polled._tag !== 'Approved') return yield* Effect.fail(refusals[polled._tag])
    return yield* redeemed(app, { code, redirectUri: noAddress, expected: { S256: '', plain: noChallenge.challenge } })
  })
}
