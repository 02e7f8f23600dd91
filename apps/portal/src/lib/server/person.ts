import type { Person } from '@civitai-oauth/provider'
import { error, redirect, type RequestEvent } from '@sveltejs/kit'
import { loginPath } from '#lib/return-url.ts'

/**
 * Who is signed in; anybody else is sent to sign in first and comes back to this page. A form that came too late is
 * answered with what was typed in it, to be sent again.
 */
export const requirePerson = (event: Pick<RequestEvent, 'locals' | 'url'>): Person => {
  const { session, unsent } = event.locals
  if (session) return session.person
  if (unsent) error(401, { message: 'Not signed in any more', typed: unsent })
  redirect(303, loginPath(pageOf(event.url)))
}

/** The page a form lives on: its address without the name of the action. */
const pageOf = (url: URL): string => {
  const query = new URLSearchParams([...url.searchParams].filter(([name]) => !name.startsWith('/'))).toString()
  return query ? `${url.pathname}?${query}` : url.pathname
}
