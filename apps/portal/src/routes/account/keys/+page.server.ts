import { fail, redirect } from '@sveltejs/kit'
import { formOf, number, text } from '#lib/server/form-field.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const keys = await event.locals.provider.apiKeys.list(requirePerson(event))
  return { keys, newestWas: keys[0]?.id ?? 0 }
}

export const actions: Actions = {
  create: async (event) => {
    const person = requirePerson(event)
    const { apiKeys } = event.locals.provider
    const form = await formOf(event)
    const name = text(form, 'name')
    // A posted page that is reloaded makes no second key: the first is newer than what the form knew.
    const [newest] = await apiKeys.list(person)
    if (newest && newest.id > Number(text(form, 'newestWas')) && newest.name === name.trim())
      return fail(409, { name: '', problem: undefined, again: true, created: null })
    const result = await apiKeys.create(person, name)
    if (result._tag === 'Invalid') return fail(400, { name, problem: result.message, again: false, created: null })
    return { name: '', problem: undefined, again: false, created: { name: result.info.name, key: result.key } }
  },

  delete: async (event) => {
    const person = requirePerson(event)
    // Gone already is as good as gone now.
    await event.locals.provider.apiKeys.delete(person, number(await formOf(event), 'id'))
    redirect(303, '/account/keys')
  },
}
