import type { Handle } from '@sveltejs/kit/hooks'
import { cookieHeader } from '#lib/server/cookie-header.ts'
import { harden } from '#lib/server/security-headers.ts'

export const handle: Handle = async ({ event, resolve }) => {
  const { locals, platform, route } = event
  if (!platform) throw new Error('The portal is served by a process that attaches a provider to each request.')
  locals.provider = platform.req.provider
  locals.session = await locals.provider.accounts.current(cookieHeader(event))
  locals.setCookies = []
  const response = await resolve(event)
  for (const cookie of locals.setCookies) response.headers.append('set-cookie', cookie)
  harden(response.headers, route.id)
  return response
}
