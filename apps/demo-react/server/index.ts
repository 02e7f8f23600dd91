import { type Session, createCivitaiAuth } from '@civitai-oauth/client'
import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'

// Client id, secrets and addresses come from the environment.
const auth = createCivitaiAuth({ scopes: ['UserRead', 'BuzzRead'] })
const app = new Hono<{ Bindings: { civitai: Session } }>()

app.get('/api/me', async ({ env: { civitai }, json }) => {
  // Nobody signed in gets no further: a program gets 401, and the page knows what that means.
  civitai.requireScopes()
  // Carries the person's token; it is renewed by itself when it runs out.
  const response = await civitai.fetch('/api/v1/me')
  if (response.status === 401) civitai.requireScopes()
  const me = response.ok
    ? { ok: true, text: JSON.stringify(await response.json(), null, 2) }
    : { ok: false, text: `The API answered ${response.status}.` }
  return json({ me, state: civitai.state })
})
app.use(serveStatic({ root: './build' }))
// What a route throws is answered outside: "not signed in" is 401 or a redirect there.
app.onError((error) => {
  throw error
})

serve(
  {
    // The whole integration: answers /oauth, and hands every other request its session.
    fetch: (request) => auth.handle(request, (civitai) => app.fetch(request, { civitai })),
    hostname: process.env['HOST'] ?? 'localhost',
    port: Number(process.env['PORT'] ?? 4103),
  },
  ({ port }) => console.log(`Listening on http://localhost:${port}`),
)
