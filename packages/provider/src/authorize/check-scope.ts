import * as Effect from 'effect/Effect'
import type { Dialect } from '@civitai-oauth/core/dialect'
import { type Form, required } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import { isGrantable } from '../grantable.ts'
import type { Profiles } from '../profile.ts'
import { maskOf } from '../scope-mask.ts'
import type { KeptApp } from '../storage/apps.ts'

/** What is asked for, whether or not this app may have it: consent trims that. */
export const checkScope = Effect.fnUntraced(function* (
  dialect: Dialect,
  app: KeptApp,
  form: Form,
  profiles: Profiles,
): Effect.fn.Return<number, Refusal> {
  const scopes = dialect.scopes.parse(yield* required(form, 'scope'))
  if (scopes === undefined || !scopes.every((scope) => isGrantable(dialect, scope, profiles)))
    return yield* refuse('ScopeInvalid')
  const reserved = app.trusted ? [] : scopes.filter((scope) => dialect.scopes.trustedOnly.includes(scope))
  if (reserved.length > 0) return yield* refuse('ScopeInvalid', `Only trusted apps may ask for ${reserved.join(', ')}.`)
  return maskOf(dialect, scopes)
})
