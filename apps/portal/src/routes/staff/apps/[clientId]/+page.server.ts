import { error, fail, redirect } from '@sveltejs/kit'
import { formOf, text } from '#lib/server/form-field.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const person = requirePerson(event)
  const { staff } = event.locals.provider
  const { clientId } = event.params
  const [found, log] = await Promise.all([
    staff.search(person, clientId),
    staff.auditOf(person, clientId, { limit: 50 }),
  ])
  if (found._tag === 'NotStaff' || log._tag === 'NotStaff') error(403, 'For staff')
  const one = found.apps.find(({ app }) => app.clientId === clientId)
  if (!one || log._tag === 'NotFound') error(404, 'No such app')
  const named = (id: number | null) => (id === null ? undefined : log.usernames.get(id))
  return {
    ...one,
    rows: log.events.map((entry) => {
      const by = named(entry.actorId)
      return { event: entry, dialect: one.app.dialect, about: by ? `by ${by}` : (named(entry.personId) ?? '') }
    }),
  }
}

export const actions: Actions = {
  default: async (event) => {
    const person = requirePerson(event)
    const { staff } = event.locals.provider
    const { clientId } = event.params
    const form = await formOf(event)
    const [flag, on] = text(form, 'decision').split(':')
    const reason = text(form, 'reason')
    const decide = flag === 'trusted' ? staff.trust : staff.verify
    if ((flag !== 'trusted' && flag !== 'verified') || (on !== 'on' && on !== 'off'))
      return fail(400, { reason, problem: 'Choose what to decide.' })
    const result = await decide(person, clientId, on === 'on', reason)
    switch (result._tag) {
      case 'Decided':
        redirect(303, `/staff/apps/${encodeURIComponent(clientId)}`)
      case 'ReasonMissing':
        return fail(400, { reason, problem: 'Give a reason: the owner reads it, and the log keeps it.' })
      case 'NotFound':
        error(404, 'No such app')
      case 'NotStaff':
        error(403, 'For staff')
    }
  },
}
