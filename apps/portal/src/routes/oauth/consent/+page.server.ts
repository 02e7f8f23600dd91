import { loginPath } from '#lib/return-url.ts'
import { cookieHeader } from '#lib/server/cookie-header.ts'
import { redirect } from '@sveltejs/kit'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const { locals, url } = event
  if (!locals.session) redirect(303, loginPath(url.pathname + url.search))
  const found = await locals.provider.consent(url.searchParams.get('request') ?? '', cookieHeader(event))
  if (found._tag === 'Gone') return { view: null, standing: null }
  const { view } = found
  // A limit set before stays the choice until the person makes another.
  const grants = view.offersBuzzLimit ? await locals.provider.grants.list(locals.session.person) : []
  return { view, standing: grants.find((grant) => grant.clientId === view.app.clientId)?.buzzLimit ?? null }
}
