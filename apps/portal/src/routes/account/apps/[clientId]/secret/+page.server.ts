import type { AppSummary } from '@civitai-oauth/provider'
import { error, fail } from '@sveltejs/kit'
import { text } from '#lib/server/form-field.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

const appOf = async (event: Pick<RequestEvent, 'locals' | 'url' | 'params'>): Promise<AppSummary> => {
  const app = await event.locals.provider.apps.get(requirePerson(event), event.params.clientId)
  if (app?.type !== 'confidential') error(404, 'No such app, or none with a secret')
  return app
}

export const load: PageServerLoad = async (event) => ({ app: await appOf(event) })

/**
 * What the page showed when the button was pressed. A button pressed twice, or a posted page reloaded, must not throw
 * away the secret that the first press made.
 */
const stillAsSeen = (form: FormData, app: AppSummary): boolean =>
  text(form, 'currentWas') === String(app.currentSecret?.createdAt ?? '') &&
  text(form, 'nextWas') === String(app.nextSecret?.createdAt ?? '')

export const actions: Actions = {
  prepare: async (event) => {
    const app = await appOf(event)
    if (!stillAsSeen(await event.request.formData(), app)) return fail(409, { done: 'already' as const, secret: null })
    const result = await event.locals.provider.apps.prepareSecret(requirePerson(event), app.clientId)
    if (result._tag !== 'SecretIssued') error(404, 'No such app')
    return { done: 'prepared' as const, secret: result.secret }
  },

  rotate: async (event) => {
    const app = await appOf(event)
    if (!stillAsSeen(await event.request.formData(), app)) return fail(409, { done: 'already' as const, secret: null })
    const result = await event.locals.provider.apps.rotateSecret(requirePerson(event), app.clientId)
    if (result._tag !== 'Rotated') error(404, 'No such app')
    return { done: 'rotated' as const, secret: result.secret }
  },
}
