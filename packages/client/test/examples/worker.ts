// #worker
import { createCivitaiAuth } from '@civitai-oauth/client'

const start = (env: Record<string, string>) => createCivitaiAuth({ env, scopes: ['UserRead'] })
let auth: ReturnType<typeof start> | undefined

export default {
  fetch: (request: Request, env: Record<string, string>) => {
    auth ??= start(env)
    return auth.handle(request, ({ status }) => new Response(`You are ${status}.`))
  },
}
// #end
