import { error, redirect } from '@sveltejs/kit'
import { requirePerson } from '#lib/server/person.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const person = requirePerson(event)
  const grants = await event.locals.provider.grants.list(person)
  const grant = grants.find(({ clientId }) => clientId === event.params.clientId)
  if (!grant) error(404, 'No such connected app')
  return { grant }
}

export const actions: Actions = {
  default: async (event) => {
    // Gone already is as good as gone now: a second press ends at the same place.
    await event.locals.provider.grants.revoke(requirePerson(event), event.params.clientId)
    redirect(303, '/account#connected')
  },
}
