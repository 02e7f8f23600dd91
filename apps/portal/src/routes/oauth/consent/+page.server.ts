import { cookieHeader } from '#lib/server/cookie-header.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const { grants, ...provider } = event.locals.provider
  const person = event.locals.session?.person
  const found = await provider.consent(event.url.searchParams.get('request') ?? '', cookieHeader(event))
  // A request belongs to the session that began it, so signing in now would not bring it back.
  if (!person || found._tag === 'Gone') return { view: null, standing: null }
  const { view } = found
  // A limit set before stays the choice until the person makes another.
  const before = view.offersBuzzLimit ? await grants.list(person) : []
  return { view, standing: before.find((grant) => grant.clientId === view.app.clientId)?.buzzLimit ?? null }
}
