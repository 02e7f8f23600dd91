// #handler
import { createCivitaiAuth } from '@civitai-oauth/client'

const auth = createCivitaiAuth({ scopes: ['UserRead', 'BuzzRead'] })

export default {
  fetch: (request: Request) =>
    auth.handle(request, async (session) => {
      if (session.status !== 'signed-in') return new Response(`<a href="${session.signInPath()}">Sign in</a>`, html)
      const me = await session.fetch('/api/v1/me')
      return Response.json(await me.json())
    }),
}

const html = { headers: { 'content-type': 'text/html' } }
// #end
