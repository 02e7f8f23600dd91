import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import type { Form } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'

/** As it travels, percent-encoded. Longer than any app needs, short enough to fit an address twice encoded. */
const limit = 4096

/** Echoed byte for byte; empty where the dialect lets it be absent. */
export const checkState = (dialect: Dialect, form: Form): Effect.Effect<string, Refusal> => {
  const state = form.get('state') ?? ''
  if (state === '' && dialect.state === 'required') return refuse('StateMissing')
  return encodeURIComponent(state).length <= limit
    ? Effect.succeed(state)
    : refuse('ParameterMalformed', 'The parameter state is too long.')
}
