/** The app without a framework: what `auth.handle` asks for is a page that answers a session. */
import { createCivitaiAuth } from '@civitai-oauth/client'
import { pageOf } from './pages.ts'

export const createApp = (
  env: Readonly<Record<string, string | undefined>>,
): ((request: Request) => Promise<Response>) => {
  const auth = createCivitaiAuth({ scopes: ['UserRead', 'BuzzRead'], env })
  return (request) =>
    auth.handle(request, (session) => pageOf({ request, session, requireScopes: session.requireScopes }))
}
