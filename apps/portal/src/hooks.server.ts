import type { Handle, HandleServerError } from '@sveltejs/kit/hooks'
import { cookieHeader } from '#lib/server/cookie-header.ts'
import { fieldsOf } from '#lib/server/form-field.ts'
import { harden } from '#lib/server/security-headers.ts'
import { unavailable } from '#lib/server/unavailable.ts'
import type { RequestEvent } from '@sveltejs/kit'

/** Where every form is somebody's. */
const forMembers = /^\/(?:account|staff)(?:\/|$)/

export const handle: Handle = async ({ event, resolve }) => {
  const { locals, platform, route } = event
  if (!platform) throw new Error('The portal is served by a process that attaches a provider to each request.')
  locals.provider = platform.req.provider
  locals.setCookies = []
  const response = (await findSession(event)) ? await answer({ event, resolve }) : unavailable()
  for (const cookie of locals.setCookies) response.headers.append('set-cookie', cookie)
  if (response.status === 503) response.headers.set('retry-after', '5')
  harden(response.headers, route.id)
  return response
}

/** Reads who is signed in; false where the storage does not answer. Thrown from here, no header could be added. */
const findSession = async (event: RequestEvent): Promise<boolean> => {
  const { locals } = event
  try {
    locals.session = await locals.provider.accounts.current(cookieHeader(event))
    return true
  } catch (error) {
    if (tagOf(error) !== 'StorageUnavailable') throw error
    report(error, event.route.id)
    return false
  }
}

const answer: Handle = async ({ event, resolve }) => {
  const { locals } = event
  const late = event.request.method === 'POST' && !locals.session && forMembers.test(event.url.pathname)
  locals.unsent = late ? await fieldsOf(event.request.clone()) : null
  return resolve(event)
}

const tagOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && '_tag' in error ? String(error._tag) : ''

/** What should not happen is written down by its name and its page, never with what it carried. */
const report = (error: unknown, route: string | null): void => {
  const name = tagOf(error) || (error instanceof Error ? error.name : typeof error)
  const [, where = ''] = (error instanceof Error && error.stack?.split('\n')) || []
  console.error(JSON.stringify({ level: 'error', message: 'a page failed', route, error: name, where: where.trim() }))
}

/** Where the storage does not answer, trying again helps. */
export const handleError: HandleServerError = ({ kind, error, event }) => {
  if (kind !== 'unknown') return
  report(error, event.route.id)
  if (tagOf(error) === 'StorageUnavailable') return { status: 503, message: 'The storage does not answer.' }
}
