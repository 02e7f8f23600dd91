/**
 * `grant_type=refresh_token`: RFC 6749 section 6, with rotation as in RFC 9700 section 4.14. A spent token answers the
 * same again for half a minute, so that a lost answer or a race loses nobody's session; later it ends its family.
 */
import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import type { Outgoing } from '../http/exchange.ts'
import { type Form, required } from '../http/form.ts'
import { type Refusal, refusal, refuse } from '../http/refusal.ts'
import { isGrantable } from '../grantable.ts'
import { maskOf } from '../scope-mask.ts'
import type { Services } from '../services.ts'
import type { KeptApp } from '../storage/apps.ts'
import { step } from '../storage/step.ts'
import { replayWindow, type RotateResult } from '../storage/tokens.ts'
import { digest, newSalt, pairAfter } from '../token.ts'
import { familyLifetime, newTokens } from './new-tokens.ts'
import { stale } from './stale.ts'
import { tokenAnswer } from './token-answer.ts'

type Lost = Exclude<RotateResult, { _tag: 'Rotated' } | { _tag: 'Replayed' } | { _tag: 'Stale' }>

const refusals: Record<Lost['_tag'], Refusal> = {
  Unknown: refusal('RefreshTokenInvalid', 'No such refresh token is known.'),
  WrongClient: refusal('RefreshTokenInvalid', 'The refresh token was issued to another app.'),
  Expired: refusal('RefreshTokenInvalid', 'The refresh token has expired.'),
  Reused: refusal('RefreshTokenInvalid', 'The refresh token was used already: the sign-in has been ended.'),
  Ended: refusal('RefreshTokenInvalid', 'The sign-in was ended.'),
  TooWide: refusal('ScopeInvalid', 'A refresh can narrow the permissions, never widen them.'),
}

export const refresh = (services: Services, dialect: Dialect) => {
  const { storage, clock, profiles } = services

  const narrowing = (form: Form): Effect.Effect<number | null, Refusal> => {
    const wire = form.get('scope')
    if (wire === undefined || profiles.has('refresh-ignores-scope')) return Effect.succeed(null)
    const scopes = dialect.scopes.parse(wire)
    return scopes?.every((scope) => isGrantable(dialect, scope, profiles))
      ? Effect.succeed(maskOf(dialect, [...scopes, ...dialect.scopes.baseline]))
      : refuse('ScopeInvalid')
  }

  return Effect.fnUntraced(function* (app: KeptApp, form: Form): Effect.fn.Return<Outgoing, Refusal> {
    const spent = yield* required(form, 'refresh_token')
    const narrowTo = yield* narrowing(form)
    const salt = newSalt()
    const pair = pairAfter(spent, salt, dialect.tokenPrefix)
    const now = clock.now()
    const result = yield* step(() =>
      storage.tokens.rotateRefreshToken({
        refreshHash: digest(spent),
        clientId: app.clientId,
        revision: app.revision,
        narrowTo,
        accessBeforeUntil: dialect.accessSurvivesRefresh ? null : now + replayWindow,
        salt,
        tokens: newTokens(dialect, pair, now),
        familyLifetime,
        graceless: profiles.has('no-refresh-grace'),
        now,
      }),
    )
    switch (result._tag) {
      case 'Rotated':
        return tokenAnswer(services, dialect, result.scopes, now, pair)
      case 'Replayed':
        return tokenAnswer(
          services,
          dialect,
          result.scopes,
          result.spentAt,
          pairAfter(spent, result.salt, dialect.tokenPrefix),
        )
      case 'Stale':
        return yield* stale
      default:
        return yield* Effect.fail(refusals[result._tag])
    }
  })
}
