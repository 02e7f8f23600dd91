/**
 * The device authorization endpoint: RFC 8628 section 3.1. A program without a browser asks for two codes, shows one to
 * its person, and polls with the other.
 */
import { randomInt } from 'node:crypto'
import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import { checkScope } from '../authorize/check-scope.ts'
import { json } from '../http/answer.ts'
import { bodyForm } from '../http/body.ts'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import { parseForm } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import type { Services } from '../services.ts'
import { step } from '../storage/step.ts'
import { countingFailures, countUnproved } from '../token/caller-limit.ts'
import { authenticateClient, credentialsOf } from '../token/client-authentication.ts'
import { checkNothingSecretIn } from '../token/token.ts'
import { digest, mint } from '../token.ts'

/** Seconds. */
const lifetime = 900
const interval = 5

/** No vowels, so no words; no letters that look like digits. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'

const newUserCode = (): string => {
  const code = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('')
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** Typed in any case, with or without the dash. */
export const userCodeHash = (typed: string): Buffer =>
  digest(`user-code ${typed.toUpperCase().replaceAll(/[^A-Z]/g, '')}`)

export const device = (services: Services, dialect: Dialect, verificationUri: string) => {
  const { storage, clock, limits, profiles } = services
  return Effect.fnUntraced(function* (incoming: Incoming, query: string): Effect.fn.Return<Outgoing, Refusal> {
    if (!profiles.has('device-flow')) return yield* refuse('NotFound')
    yield* checkNothingSecretIn(query)
    const form = yield* parseForm(yield* bodyForm(incoming))
    const credentials = yield* credentialsOf(incoming, form)
    const app = yield* authenticateClient(services, dialect, credentials).pipe(
      countingFailures(services, 'token', credentials, incoming),
    )
    if (credentials.secret === null) yield* countUnproved(services, 'token', credentials, incoming)
    else yield* limits.check('token', app.clientId)
    const requested = yield* checkScope(dialect, app, form, profiles)
    const [deviceCode, userCode] = [mint('code', dialect.tokenPrefix), newUserCode()]
    yield* step(() =>
      storage.devices.begin({
        clientId: app.clientId,
        requested,
        codeHash: digest(deviceCode),
        userCodeHash: userCodeHash(userCode),
        expiresAt: clock.now() + lifetime * 1000,
        interval,
      }),
    )
    return json(200, {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: verificationUri,
      verification_uri_complete: `${verificationUri}?user_code=${userCode}`,
      expires_in: lifetime,
      interval,
    })
  })
}
