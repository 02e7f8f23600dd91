import { download } from '#lib/server/event-log.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = (event) => {
  const person = requirePerson(event)
  return download(event.locals.provider.audit.linesOfPerson(person), 'my-activity.jsonl')
}
