import type { Handle, HandleServerError } from '@sveltejs/kit/hooks'
import { cookieHeader } from '#lib/server/cookie-header.ts'
import { fieldsOf } from '#lib/server/form-field.ts'
import { harden } from '#lib/server/security-headers.ts'

/** Where every form is somebody's. */
const forMembers = /^\/(?:account|staff)(?:\/|$)/

export const handle: Handle = async ({ event, resolve }) => {
  const { locals, platform, route } = event
  if (!platform) throw new Error('The portal is served by a process that attaches a provider to each request.')
  locals.provider = platform.req.provider
  locals.session = await locals.provider.accounts.current(cookieHeader(event))
  locals.setCookies = []
  const late = event.request.method === 'POST' && !locals.session && forMembers.test(event.url.pathname)
  locals.unsent = late ? await fieldsOf(event.request.clone()) : null
  const response = await resolve(event)
  for (const cookie of locals.setCookies) response.headers.append('set-cookie', cookie)
  if (response.status === 503) response.headers.set('retry-after', '5')
  harden(response.headers, route.id)
  return response
}

const tagOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && '_tag' in error ? String(error._tag) : ''

/**
 * What should not happen is written down by its name and its page, never with what it carried. Where the storage does
 * not answer, trying again helps.
 */
export const handleError: HandleServerError = ({ kind, error, event }) => {
  if (kind !== 'unknown') return
  const name = tagOf(error) || (error instanceof Error ? error.name : typeof error)
  const [, where = ''] = (error instanceof Error && error.stack?.split('\n')) || []
  const entry = { level: 'error', message: 'a page failed', route: event.route.id, error: name, where: where.trim() }
  console.error(JSON.stringify(entry))
  if (name === 'StorageUnavailable') return { status: 503, message: 'The storage does not answer.' }
}
