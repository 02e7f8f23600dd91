import type { Person } from '@civitai-oauth/provider'
import { redirect, type RequestEvent } from '@sveltejs/kit'
import { loginPath } from '#lib/return-url.ts'

/** Who is signed in; anybody else is sent to sign in first and comes back to this page. */
export const requirePerson = (event: Pick<RequestEvent, 'locals' | 'url'>): Person => {
  const { session } = event.locals
  if (!session) redirect(303, loginPath(pageOf(event.url)))
  return session.person
}

/** The page a form lives on: its address without the name of the action. */
const pageOf = (url: URL): string => {
  const query = new URLSearchParams([...url.searchParams].filter(([name]) => !name.startsWith('/'))).toString()
  return query ? `${url.pathname}?${query}` : url.pathname
}
