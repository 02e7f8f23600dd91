import type { ServerLoadEvent } from '@sveltejs/kit'
import type { Person } from '@civitai-oauth/provider'
import { requirePerson } from '#lib/server/person.ts'
import type { PageServerLoad } from './$types'

const pageSize = 20

/** The app that was deleted a moment ago, if it was this person's. */
const deletedApp = async ({ locals, url }: Pick<ServerLoadEvent, 'locals' | 'url'>, person: Person) => {
  const clientId = url.searchParams.get('deleted')
  const [newest] = clientId ? await locals.provider.audit.ofApp(person, clientId, { limit: 1 }) : []
  if (newest?.kind !== 'app-deleted' || clientId === null) return null
  const { name = clientId, people = '0', tokens = '0' } = newest.detail
  return { clientId, name, people: Number(people), tokens: Number(tokens) }
}

export const load: PageServerLoad = async (event) => {
  const { provider } = event.locals
  const person = requirePerson(event)
  const { searchParams } = event.url
  const query = (searchParams.get('apps') ?? '').trim()
  const after = searchParams.get('after') ?? ''
  const wanted = (searchParams.get('connected') ?? '').trim()
  const from = Math.max(0, Math.trunc(Number(searchParams.get('from')) || 0))

  const [apps, every] = await Promise.all([
    provider.apps.list(person, { limit: pageSize, ...(query ? { query } : {}), ...(after ? { after } : {}) }),
    provider.grants.list(person),
  ])
  const needle = wanted.toLowerCase()
  const found = needle ? every.filter((grant) => grant.appName.toLowerCase().includes(needle)) : every
  return {
    email: person.email,
    deleted: await deletedApp(event, person),
    apps: { ...apps, query, after },
    connected: {
      grants: found.slice(from, from + pageSize),
      total: every.length,
      found: found.length,
      query: wanted,
      from,
      pageSize,
    },
  }
}
