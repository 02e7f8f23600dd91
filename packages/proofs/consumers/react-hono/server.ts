import { type Session, createCivitaiAuth } from '@civitai-oauth/client'
import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'

const auth = createCivitaiAuth({ scopes: ['UserRead', 'BuzzRead'] })
const app = new Hono<{ Bindings: { civitai: Session } }>()

app.get('/api/me', async (c) => {
  const me = await c.env.civitai.fetch('/api/v1/me') // with the person's token; or 401, which the page understands
  return c.json(await me.json())
})
app.use(serveStatic({ root: './dist' }))
app.onError((error) => {
  throw error // "not signed in" is answered by the handler
})

const fetch = (request: Request) => auth.handle(request, (civitai) => app.fetch(request, { civitai }))
serve({ fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) => console.log(`Listening on ${port}`))
