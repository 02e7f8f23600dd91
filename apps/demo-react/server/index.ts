import { type Session, createCivitaiAuth } from '@civitai-oauth/client'
import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { csrf } from 'hono/csrf'
import { askForBuzz, askForMe, makePictures, previewCost } from './civitai.ts'

// Client id, secrets and addresses come from the environment.
const auth = createCivitaiAuth({ scopes: ['UserRead', 'BuzzRead'] })
const app = new Hono<{ Bindings: { civitai: Session } }>()

app.get('/api/here', async ({ env: { civitai }, json }) => {
  // Nobody signed in gets no further: a program gets 401, and the page knows what that means.
  civitai.requireScopes()
  // The calls carry the person's token; it is renewed by itself when it runs out.
  const [me, buzz] = await Promise.all([askForMe(civitai), askForBuzz(civitai)])
  // It may have ended over them: then the page hears of it.
  civitai.requireScopes()
  return json({ me, buzz, state: civitai.state })
})
// Buzz is spent by our own page only.
app.post('/api/pictures', csrf(), async ({ env: { civitai }, req, json }) => {
  // Whoever has not allowed it yet is asked to: the page's `fetch` knows what this 403 means.
  civitai.requireScopes('AIServicesRead', 'AIServicesWrite')
  const { prompt, make } = await req.json<{ prompt: string; make: boolean }>()
  return json(await (make ? makePictures : previewCost)(civitai, prompt))
})
app.use('/assets/*', serveStatic({ root: './build' }))
app.use('/icon.svg', serveStatic({ root: './build' }))
// Every other page is the same document. It is asked for each time: a person who comes back may have to be restored.
app.use(async ({ header }, next) => {
  header('cache-control', 'no-cache')
  await next()
})
app.use(serveStatic({ path: './build/index.html' }))
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
