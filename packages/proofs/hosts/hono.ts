/** Hono, as beside a React app: the handler outside, the routes inside. */
import { type Session, createCivitaiAuth } from '@civitai-oauth/client'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { pageOf } from './pages.ts'

const auth = createCivitaiAuth({ scopes: ['UserRead', 'BuzzRead'] })
const app = new Hono<{ Bindings: { civitai: Session } }>()

app.get('*', ({ req, env: { civitai } }) =>
  pageOf({ request: req.raw, session: civitai, requireScopes: civitai.requireScopes }),
)
app.onError((error) => {
  throw error
})

serve(
  {
    fetch: (request) => auth.handle(request, (civitai) => app.fetch(request, { civitai })),
    hostname: '127.0.0.1',
    port: Number(process.env['PORT']),
  },
  () => console.log('listening'),
)
