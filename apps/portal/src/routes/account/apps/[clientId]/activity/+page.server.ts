import { error } from '@sveltejs/kit'
import { concerned, isGroup, peopleIn, perDay } from '#lib/event-words.ts'
import { type ReadEvents, cursor, screen, since } from '#lib/server/event-log.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { PageServerLoad } from './$types'

const days = 30
/** The chart reads no more than this; a busier app's chart says that it is cut. */
const most = 20_000

export const load: PageServerLoad = async (event) => {
  const person = requirePerson(event)
  const { apps, audit } = event.locals.provider
  const { clientId } = event.params
  const read: ReadEvents = (page) => audit.ofApp(person, clientId, page)
  const { searchParams } = event.url
  const show = searchParams.get('show')
  const group = isGroup(show) ? show : null
  const before = cursor(searchParams.get('before'))

  const now = Date.now()
  const from = now - days * 86_400_000
  const [app, page, recent, refreshes] = await Promise.all([
    apps.get(person, clientId),
    screen(read, { before, group, size: 50 }),
    since(read, from, most),
    audit.refreshesOf(person, clientId, from),
  ])
  // The log of an app that is gone stays readable; where neither is, there is nothing to see.
  const [newest] = app ? [] : await read({ limit: 1 })
  if (!app && !newest) error(404, 'No such app')
  const cut = recent.length === most
  // On a server whose clock was moved ahead, the newest events are today's.
  const today = Math.max(now, recent[0]?.at ?? 0, refreshes.at(-1)?.day ?? 0)
  return {
    app: app && { name: app.name, dialect: app.dialect },
    clientId,
    name: app?.name ?? newest?.detail.name ?? clientId,
    group,
    before,
    next: page.next,
    rows: page.events.map((one) => ({ event: one, about: concerned(one) })),
    chart: perDay(recent, refreshes, today, days),
    people: peopleIn(recent),
    cut,
  }
}
