import { error } from '@sveltejs/kit'
import { requirePerson } from '#lib/server/person.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const person = requirePerson(event)
  const { staff } = event.locals.provider
  const query = (event.url.searchParams.get('q') ?? '').trim()
  const after = event.url.searchParams.get('after') ?? ''
  const waitingAfter = event.url.searchParams.get('waitingAfter') ?? ''
  const [queue, found] = await Promise.all([
    staff.queue(person, waitingAfter ? { after: waitingAfter } : {}),
    query ? staff.search(person, query, after ? { after } : {}) : null,
  ])
  if (queue._tag === 'NotStaff' || found?._tag === 'NotStaff') error(403, 'For staff')
  return { query, after, waitingAfter, queue, found }
}
