import type { ReadEvent } from '@civitai-oauth/provider'
import { isGroup } from '#lib/event-words.ts'
import { cursor, screen } from '#lib/server/event-log.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const person = requirePerson(event)
  const { apps, audit, grants } = event.locals.provider
  const show = event.url.searchParams.get('show')
  const group = isGroup(show) ? show : null
  const before = cursor(event.url.searchParams.get('before'))
  const [page, granted, owned] = await Promise.all([
    screen((at) => audit.ofPerson(person, at), { before, group, size: 50 }),
    grants.list(person),
    apps.list(person, { limit: 500 }),
  ])
  const known = new Map<string, { name: string; dialect: 'civitai' | 'quaily' }>()
  for (const { clientId, appName: name, dialect } of granted) known.set(clientId, { name, dialect })
  for (const { clientId, name, dialect } of owned.apps) known.set(clientId, { name, dialect })
  const named = ({ clientId }: ReadEvent) => (clientId === null ? undefined : known.get(clientId))
  return {
    group,
    before,
    next: page.next,
    rows: page.events.map((one) => ({
      event: one,
      about: named(one)?.name ?? one.clientId ?? 'this account',
      dialect: named(one)?.dialect ?? ('civitai' as const),
    })),
  }
}
