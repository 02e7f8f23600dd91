import * as Effect from 'effect/Effect'
import type { Form } from '../http/form.ts'
import { type Refusal, refuse } from '../http/refusal.ts'
import type { BrowserSession } from './session.ts'

/** OpenID Connect Core section 3.1.2.1. `none`: no page may be shown. `login`, `consent`: that page is wanted. */
export interface Prompt {
  readonly none: boolean
  readonly login: boolean
  readonly consent: boolean
}

/** Several may be named, `none` only alone. */
export const checkPrompt = (form: Form): Effect.Effect<Prompt, Refusal> => {
  const words = (form.get('prompt') ?? '').split(' ').filter((word) => word !== '')
  const none = words.includes('none')
  if (none && words.length > 1)
    return refuse('ParameterMalformed', 'The parameter prompt names none together with a page.')
  return Effect.succeed({ none, login: words.some(isLogin), consent: words.includes('consent') })
}

const isLogin = (word: string): boolean => word === 'login' || word === 'select_account'

/** The same before anything of the request was checked, for whoever is sent to sign in first whatever else it says. */
export const wantsSignIn = (query: string): boolean =>
  (new URLSearchParams(query).get('prompt') ?? '').split(' ').some(isLogin)

/** When a request that wants a fresh sign-in was first asked: ours, added on the way to the sign-in page. */
export const askedAt = 'sign_in_asked_at'

/** How long the sign-in page may be looked at before it is asked anew. */
const patience = 30 * 60_000

/**
 * True for a session that began after the request did: the way back from the sign-in page, opened with the session there
 * was before, asks again. (Whoever edits the address can leave `prompt` out too: no server can tell an app of that.)
 */
export const isFresh = (form: Form, { createdAt }: BrowserSession, now: number): boolean => {
  const asked = form.get(askedAt) ?? ''
  if (!/^\d{1,15}$/.test(asked)) return false
  const began = Number(asked)
  return began <= now && now - began <= patience && createdAt >= began
}
