/** What the tab in DevTools shows, as JSON. */
import type { CivitaiAuth, Session } from '@civitai-oauth/client'
import { labelOf } from '@civitai-oauth/client/permissions'
import { defineEventHandler, getRequestURL, setResponseHeader } from 'h3'
import { civitaiAuth } from '../auth.ts'
import { onlyHere } from './local.ts'
import { type Entry, log } from './log.ts'

export interface Shown {
  readonly state: string | undefined
  readonly status: string
  readonly user: string | undefined
  /** Unix milliseconds. */
  readonly expiresAt: number | undefined
  readonly scopes: readonly { readonly scope: string; readonly label: string }[]
  /** What a sign-in would send; `undefined` where it cannot begin. */
  readonly asks:
    | { readonly at: string; readonly clientId: string; readonly redirectUri: string; readonly scope: string }
    | undefined
  /** Why a sign-in cannot begin. */
  readonly problem: string | undefined
  readonly log: readonly Entry[]
}

/** What a sign-in from here would send, without beginning one: nobody leaves, and no cookie is set. */
const asksOf = async (auth: CivitaiAuth, origin: string): Promise<Pick<Shown, 'asks' | 'problem'>> => {
  const { response } = await auth.open(new Request(origin + auth.routes.signIn))
  const answer = response as Response
  const location = answer.headers.get('location')
  if (location === null) {
    const { message } = (await answer.json()) as { readonly message: string }
    return { asks: undefined, problem: message }
  }
  const { href, search, searchParams: sent } = new URL(location)
  const asks = {
    at: href.slice(0, -search.length),
    clientId: sent.get('client_id') ?? '',
    redirectUri: sent.get('redirect_uri') ?? '',
    scope: sent.get('scope') ?? '',
  }
  return { asks, problem: undefined }
}

export default defineEventHandler(async (event): Promise<Shown> => {
  onlyHere(event)
  setResponseHeader(event, 'cache-control', 'no-store')
  // Where every route is kept for everyone, nobody is known here either.
  const session = event.context['civitai'] as Session | undefined
  const view = session?.view ?? { status: 'unknown' as const }
  const { scopes, expiresAt } = view.status === 'signed-in' ? view : { scopes: [], expiresAt: undefined }
  return {
    state: session?.state,
    status: view.status,
    user: 'user' in view ? view.user.username : undefined,
    expiresAt,
    scopes: scopes.map((scope) => ({ scope, label: labelOf(scope) })),
    ...(await asksOf(civitaiAuth(), getRequestURL(event).origin)),
    log: log.entries,
  }
})
