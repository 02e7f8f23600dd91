/** `grant_type=authorization_code`: RFC 6749 section 4.1.3, RFC 7636 section 4.5. */
import { hash } from 'node:crypto'
import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import * as Pkce from '@civitai-oauth/core/pkce'
import { noChallenge } from '../authorize/check-pkce.ts'
import type { Outgoing } from '../http/exchange.ts'
import { type Form, required } from '../http/form.ts'
import { type Refusal, type RefusalTag, refusal, refuse } from '../http/refusal.ts'
import type { Services } from '../services.ts'
import type { KeptApp } from '../storage/apps.ts'
import { step } from '../storage/step.ts'
import type { RedeemCodeResult } from '../storage/tokens.ts'
import { digest, newPair } from '../token.ts'
import { newTokens } from './new-tokens.ts'
import { stale } from './stale.ts'
import { tokenAnswer } from './token-answer.ts'

type Lost = Exclude<RedeemCodeResult, { _tag: 'Redeemed' } | { _tag: 'Stale' } | { _tag: 'Mismatched' }>

const refusals: Record<Lost['_tag'], Refusal> = {
  Unknown: refusal('CodeInvalid', 'No such code was issued.'),
  Expired: refusal('CodeInvalid', 'The code has expired.'),
  Repeated: refusal('CodeInvalid', 'The code was used already, moments ago.'),
  Reused: refusal('CodeInvalid', 'The code was used already: the sign-in it began has been ended.'),
  Ended: refusal('GrantInvalid', 'The person or the app has taken the access back.'),
}

const mismatches: Record<'client' | 'redirect_uri' | 'code_verifier', readonly [RefusalTag, string]> = {
  client: ['CodeInvalid', 'The code was issued to another app.'],
  redirect_uri: ['CodeInvalid', 'redirect_uri is not the one that the code was issued for.'],
  code_verifier: ['VerifierMismatch', 'code_verifier does not match the code_challenge.'],
}

/** What is presented with a code. `expected`: what the stored challenge must be, for either method. */
export interface Presented {
  readonly code: string
  readonly redirectUri: string
  readonly expected: { readonly S256: string; readonly plain: string }
}

const expectedOf = (sent: string | undefined): Presented['expected'] => {
  if (sent === undefined) return { S256: '', plain: noChallenge.challenge }
  const verifier = Pkce.parseVerifier(sent)
  // A verifier of the wrong form matches no challenge, and burns the code like any other wrong one.
  return { S256: verifier ? hash('sha256', verifier, 'base64url') : '', plain: verifier ?? '' }
}

export const redeemCode = (services: Services, dialect: Dialect) => {
  const redeemed = redeem(services, dialect)
  return Effect.fnUntraced(function* (app: KeptApp, form: Form): Effect.fn.Return<Outgoing, Refusal> {
    const code = yield* required(form, 'code')
    const redirectUri = yield* required(form, 'redirect_uri')
    const sent = dialect.pkce.required ? yield* required(form, 'code_verifier') : form.get('code_verifier')
    return yield* redeemed(app, { code, redirectUri, expected: expectedOf(sent) })
  })
}

/** Once, whoever asks: for codes that came through a browser and for those of a device. */
export const redeem = (services: Services, dialect: Dialect) => {
  const { storage, clock } = services
  return Effect.fnUntraced(function* (app: KeptApp, presented: Presented): Effect.fn.Return<Outgoing, Refusal> {
    const { code, redirectUri, expected } = presented
    const pair = newPair(dialect.tokenPrefix)
    const now = clock.now()
    const result = yield* step(() =>
      storage.tokens.redeemCode({
        codeHash: digest(code),
        clientId: app.clientId,
        revision: app.revision,
        redirectUri,
        expected,
        tokens: newTokens(dialect, pair, now),
        now,
      }),
    )
    switch (result._tag) {
      case 'Redeemed':
        return tokenAnswer(services, dialect, result.scopes, now, pair)
      case 'Stale':
        return yield* stale
      case 'Mismatched':
        return yield* refuse(...mismatches[result.part])
      default:
        return yield* Effect.fail(refusals[result._tag])
    }
  })
}
