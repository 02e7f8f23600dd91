import type { AppSummary, SeenSecrets } from '@civitai-oauth/provider'
import { error, fail } from '@sveltejs/kit'
import { formOf, text } from '#lib/server/form-field.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

const appOf = async (event: Pick<RequestEvent, 'locals' | 'url' | 'params'>): Promise<AppSummary> => {
  const app = await event.locals.provider.apps.get(requirePerson(event), event.params.clientId)
  if (app?.type !== 'confidential') error(404, 'No such app, or none with a secret')
  return app
}

export const load: PageServerLoad = async (event) => ({ app: await appOf(event) })

const moment = (shown: string): number | null => (shown === '' ? null : /^\d{1,15}$/.test(shown) ? Number(shown) : -1)

/**
 * The secrets that the page showed when the button was pressed. A button pressed twice, a posted page reloaded, or
 * somebody else at another screen must not throw away the secret that the first press made.
 */
const seenIn = async (event: RequestEvent): Promise<SeenSecrets> => {
  const form = await formOf(event)
  return { current: moment(text(form, 'currentWas')), next: moment(text(form, 'nextWas')) }
}

const already = () => fail(409, { done: 'already' as const, secret: null })

export const actions: Actions = {
  prepare: async (event) => {
    const seen = await seenIn(event)
    const result = await event.locals.provider.apps.prepareSecret(requirePerson(event), event.params.clientId, seen)
    if (result._tag === 'Conflict') return already()
    if (result._tag !== 'SecretIssued') error(404, 'No such app')
    return { done: 'prepared' as const, secret: result.secret }
  },

  rotate: async (event) => {
    const seen = await seenIn(event)
    const result = await event.locals.provider.apps.rotateSecret(requirePerson(event), event.params.clientId, seen)
    if (result._tag === 'Conflict') return already()
    if (result._tag !== 'Rotated') error(404, 'No such app')
    return { done: 'rotated' as const, secret: result.secret }
  },
}
