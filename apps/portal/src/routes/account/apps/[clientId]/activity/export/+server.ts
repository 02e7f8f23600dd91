import { error } from '@sveltejs/kit'
import { download } from '#lib/server/event-log.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const person = requirePerson(event)
  const { audit } = event.locals.provider
  const { clientId } = event.params
  const [newest] = await audit.ofApp(person, clientId, { limit: 1 })
  if (!newest) error(404, 'No such app')
  return download(audit.linesOfApp(person, clientId), 'activity.jsonl')
}
