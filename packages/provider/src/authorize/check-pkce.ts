import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import * as Pkce from '@civitai-oauth/core/pkce'
import type { Form } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'

export interface Challenge {
  readonly challenge: string
  readonly method: Pkce.Method
}

/**
 * Stands where a request has no challenge, in a dialect that lets it have none. No verifier has this form, so whoever
 * presents one with such a code is refused.
 */
export const noChallenge: Challenge = { challenge: 'none', method: 'plain' }

/** First that there is a challenge, then that its method is one of the dialect's, then that it has that method's form. */
export const checkPkce = (dialect: Dialect, form: Form): Effect.Effect<Challenge, Refusal> => {
  const challenge = form.get('code_challenge')
  const method = form.get('code_challenge_method') ?? dialect.pkce.absent
  if (challenge === undefined && !dialect.pkce.required && !form.has('code_challenge_method'))
    return Effect.succeed(noChallenge)
  if (challenge === undefined || method === null) return refuse('PkceMissing')
  if (!isMethodOf(dialect, method)) return refuse('PkceMethodUnsupported')
  return Pkce.isChallenge(challenge, method) ? Effect.succeed({ challenge, method }) : refuse('PkceChallengeMalformed')
}

const isMethodOf = (dialect: Dialect, method: string): method is Pkce.Method =>
  (dialect.pkce.methods as readonly string[]).includes(method)
