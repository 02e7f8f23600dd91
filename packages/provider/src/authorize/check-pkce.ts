import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import * as Pkce from '@civitai-oauth/core/pkce'
import type { Form } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'

export interface Challenge {
  readonly challenge: string
  readonly method: Pkce.Method
}

/** First that there is a challenge, then that its method is one of the dialect's, then that it has that method's form. */
export const checkPkce = (dialect: Dialect, form: Form): Effect.Effect<Challenge, Refusal> => {
  const challenge = form.get('code_challenge')
  const method = form.get('code_challenge_method') ?? dialect.pkce.absent
  if (challenge === undefined || method === null) return refuse('PkceMissing')
  if (!isMethodOf(dialect, method)) return refuse('PkceMethodUnsupported')
  return Pkce.isChallenge(challenge, method) ? Effect.succeed({ challenge, method }) : refuse('PkceChallengeMalformed')
}

const isMethodOf = (dialect: Dialect, method: string): method is Pkce.Method =>
  (dialect.pkce.methods as readonly string[]).includes(method)
