import { jsonLines } from '#lib/server/event-log.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = (event) => {
  const person = requirePerson(event)
  return jsonLines((page) => event.locals.provider.audit.ofPerson(person, page), 'my-activity.jsonl')
}
