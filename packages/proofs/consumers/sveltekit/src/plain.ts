/** What a project uses of us in plain modules, for compilers that cannot read components. */
import { requireScopes, requireUser } from '@civitai-oauth/sveltekit'
import { useCivitaiAuth } from '@civitai-oauth/sveltekit/client'
import type { RequestEvent } from '@sveltejs/kit'
import { handle, handleFetch } from './hooks.server.ts'

export const nameOf = (event: RequestEvent): string => requireUser(event).user.username

export const scopesOf = (event: RequestEvent): readonly ('UserRead' | 'BuzzRead' | string)[] => {
  const { civitai } = event.locals
  // @ts-expect-error there is no such permission
  requireScopes(event, 'NoSuchScope')
  return civitai.status === 'signed-in' ? civitai.scopes : requireScopes(event, 'AIServicesWrite').scopes
}

export const status = (): 'unknown' | 'signed-out' | 'signed-in' | 'expired' => useCivitaiAuth().status

export const hooks = { handle, handleFetch }
