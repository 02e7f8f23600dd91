import * as Effect from 'effect/Effect'
import type { Form } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'

/** OpenID Connect Core section 3.1.2.1. `none`: no page may be shown. `login`, `consent`: that page is wanted. */
export type Prompt = 'none' | 'login' | 'consent' | undefined

const known = new Map<string, Prompt>([
  ['none', 'none'],
  ['login', 'login'],
  ['select_account', 'login'],
  ['consent', 'consent'],
])

/** Several may be named; the first page that is wanted is shown first. `none` stands alone. */
export const checkPrompt = (form: Form): Effect.Effect<Prompt, Refusal> => {
  const words = (form.get('prompt') ?? '').split(' ').filter((word) => word !== '')
  if (words.includes('none') && words.length > 1)
    return refuse('ParameterMalformed', 'The parameter prompt names none together with a page.')
  const prompts = words.map((word) => known.get(word))
  return Effect.succeed(prompts.includes('login') ? 'login' : prompts.find((prompt) => prompt !== undefined))
}
