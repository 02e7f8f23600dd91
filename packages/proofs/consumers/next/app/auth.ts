import { lazyCivitaiAuth } from '@civitai-oauth/client'
import { cookies, headers } from 'next/headers'
import { cache } from 'react'

// Client id, secrets and addresses come from the environment, at the first request: building needs none.
export const auth = lazyCivitaiAuth({ scopes: ['UserRead', 'BuzzRead'] })

/** The session, in server components and actions. What was due has been renewed in `proxy.ts`. */
export const getSession = cache(async () => {
  const [cookie, host] = [(await cookies()).toString(), (await headers()).get('host')]
  const visit = await auth.open(new Request(`http://${host}`, { headers: { cookie } }))
  await visit.commit(new Headers()) // a server component cannot set cookies: nothing is renewed here
  return visit.session
})
