import { error, fail, redirect } from '@sveltejs/kit'
import { confirms } from '#lib/delete-confirmation.ts'
import { formOf, text } from '#lib/server/form-field.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const app = await event.locals.provider.apps.get(requirePerson(event), event.params.clientId)
  if (!app) error(404, 'No such app')
  return { app }
}

export const actions: Actions = {
  default: async (event) => {
    const person = requirePerson(event)
    const { apps } = event.locals.provider
    const app = await apps.get(person, event.params.clientId)
    // Deleted already: a second press ends at the same place.
    if (!app) redirect(303, '/account')
    const typed = text(await formOf(event), 'confirmation')
    if (!confirms(typed, app)) return fail(400, { typed, problem: 'That is neither the name nor the client ID.' })
    await apps.delete(person, app.clientId)
    redirect(303, `/account?deleted=${encodeURIComponent(app.clientId)}`)
  },
}
