import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import type { Form } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'

/** The code flow is the only one there is: RFC 9700 section 2.1.2 leaves no other. */
export const checkResponseType = (dialect: Dialect, form: Form): Effect.Effect<void, Refusal> => {
  const type = form.get('response_type')
  if (type === undefined && dialect.responseType === 'required')
    return refuse('ParameterMissing', 'The parameter response_type is missing.')
  return type === undefined || type === 'code' ? Effect.void : refuse('ResponseTypeUnsupported')
}
