import type { ScopeOf, Session, SessionTools, SessionView } from '@civitai-oauth/client'
import { type H3Event, createError } from 'h3'

type Scope = ScopeOf[keyof ScopeOf]

export type SignedIn = Extract<SessionView<Scope>, { status: 'signed-in' }> & SessionTools<Scope>

/**
 * The session of the person who is signed in and has granted these permissions; auto-imported in `server/`. Anybody else
 * is sent to sign in where a person went to a page, and a program gets 401 or 403 with the address to sign in at.
 */
export const requireCivitaiUser = (event: H3Event, ...scopes: readonly Scope[]): SignedIn => {
  const session = event.context['civitai'] as Session<Scope> | undefined
  if (session === undefined)
    throw createError({ statusCode: 500, message: 'This route is cached for everyone, so nobody is signed in on it.' })
  session.requireScopes(...scopes)
  return session as SignedIn
}
