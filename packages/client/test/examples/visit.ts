import { createCivitaiAuth } from '@civitai-oauth/client'

const auth = createCivitaiAuth()

// #visit
export const serve = async (request: Request): Promise<Response> => {
  const visit = await auth.open(request)
  if (visit.response) return visit.response
  const headers = new Headers({ 'content-type': 'text/plain' })
  const page = visit.session.status === 'signed-in' ? `Hello, ${visit.session.user.username}` : 'Hello'
  await visit.commit(headers)
  return new Response(page, { headers })
}
// #end
