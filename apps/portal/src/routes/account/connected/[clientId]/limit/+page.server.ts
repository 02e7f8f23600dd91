import { civitai } from '@civitai-oauth/core'
import { error, fail, redirect } from '@sveltejs/kit'
import { formOf, text } from '#lib/server/form-field.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const grants = await event.locals.provider.grants.list(requirePerson(event))
  const grant = grants.find(({ clientId }) => clientId === event.params.clientId)
  // A limit belongs to permissions that it covers.
  const covered = grant?.scopes.some((scope) => (civitai.scopes.underBuzzLimit as readonly string[]).includes(scope))
  if (!grant || !covered) error(404, 'No such connected app')
  return { grant }
}

/** `undefined` for what is no JSON: no limit is like that. */
const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

export const actions: Actions = {
  default: async (event) => {
    const person = requirePerson(event)
    const limit = parsed(text(await formOf(event), 'buzz_limit'))
    if (limit === undefined) return fail(400, { problem: 'Choose a limit.' })
    const result = await event.locals.provider.grants.setBuzzLimit(person, event.params.clientId, limit)
    if (result._tag === 'NotFound') error(404, 'No such connected app')
    if (result._tag === 'Invalid') return fail(400, { problem: result.problems[0]?.message ?? 'Choose a limit.' })
    redirect(303, '/account#connected')
  },
}
