import { error, fail, redirect } from '@sveltejs/kit'
import { formOf, text } from '#lib/server/form-field.ts'
import { requirePerson } from '#lib/server/person.ts'
import { checkRequest } from '#lib/verification-request.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const person = requirePerson(event)
  const { apps } = event.locals.provider
  const [app, verification] = await Promise.all([
    apps.get(person, event.params.clientId),
    apps.verification(person, event.params.clientId),
  ])
  if (!app) error(404, 'No such app')
  return { app: { name: app.name, clientId: app.clientId, verified: app.verified }, verification }
}

export const actions: Actions = {
  default: async (event) => {
    const person = requirePerson(event)
    const { clientId } = event.params
    const form = await formOf(event)
    const typed = { note: text(form, 'note'), links: text(form, 'links') }
    const checked = checkRequest(typed)
    if (checked._tag === 'Invalid') return fail(400, { typed, problems: checked.problems })
    const result = await event.locals.provider.apps.askForVerification(person, clientId, checked.request)
    if (result._tag === 'NotFound') error(404, 'No such app')
    redirect(303, `/account/apps/${encodeURIComponent(clientId)}/verification`)
  },
}
