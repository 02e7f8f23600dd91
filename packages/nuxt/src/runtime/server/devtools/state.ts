/** What the tab in DevTools shows, as JSON. */
import type { Registration, Session } from '@civitai-oauth/client'
import { labelOf } from '@civitai-oauth/client/permissions'
import { type H3Event, defineEventHandler, setResponseHeader } from 'h3'
import { civitaiAuth } from '../auth.ts'
import { requestOf } from '../request.ts'
import { onlyHere } from './local.ts'
import { type Entry, log } from './log.ts'

export interface Shown {
  readonly state: string | undefined
  readonly status: string
  readonly user: string | undefined
  /** Unix milliseconds. */
  readonly expiresAt: number | undefined
  readonly scopes: readonly { readonly scope: string; readonly label: string }[]
  /** How the app has to be registered; `undefined` where a sign-in cannot begin. */
  readonly registration: Registration | undefined
  /** Why a sign-in cannot begin. */
  readonly problem: string | undefined
  readonly log: readonly Entry[]
}

const registrationOf = async (event: H3Event): Promise<Pick<Shown, 'registration' | 'problem'>> => {
  try {
    return { registration: await civitaiAuth().registration(requestOf(event)), problem: undefined }
  } catch (error) {
    return { registration: undefined, problem: error instanceof Error ? error.message : String(error) }
  }
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
    ...(await registrationOf(event)),
    log: log.entries,
  }
})
