import { error, fail, redirect } from '@sveltejs/kit'
import { byField, valuesOf } from '#lib/app-form.ts'
import { readDraft } from '#lib/server/app-draft.ts'
import { formOf, number } from '#lib/server/form-field.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  // A form posted after the session ended is shown again with what was typed, not turned away.
  if (event.request.method === 'POST' && !event.locals.session) return { app: null }
  const app = await event.locals.provider.apps.get(requirePerson(event), event.params.clientId)
  if (!app) error(404, 'No such app')
  return { app }
}

export const actions: Actions = {
  default: async (event) => {
    const { locals, params } = event
    const form = await formOf(event)
    const values = readDraft(form)
    const version = number(form, 'version')
    const kept = { values, version, problems: {}, theirs: null, signedOut: false }
    const person = locals.session?.person
    if (!person) return fail(401, { ...kept, signedOut: true })

    const result = await locals.provider.apps.edit(person, params.clientId, version, values)
    switch (result._tag) {
      case 'Edited':
        redirect(303, `/account/apps/${encodeURIComponent(params.clientId)}`)
      case 'Invalid':
        return fail(400, { ...kept, problems: byField(result.problems) })
      case 'Conflict':
        // Saving once more, now that both are seen, starts from what stands.
        return fail(409, { ...kept, version: result.app.version, theirs: valuesOf(result.app) })
      case 'NotFound':
        error(404, 'No such app')
    }
  },
}
