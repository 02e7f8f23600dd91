import { error } from '@sveltejs/kit'
import { requirePerson } from '#lib/server/person.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const person = requirePerson(event)
  const app = await event.locals.provider.apps.get(person, event.params.clientId)
  if (!app) error(404, 'No such app')
  return { app, repeated: event.url.searchParams.has('repeated') }
}
