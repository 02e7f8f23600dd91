/** Opens the session of every request, and answers our own routes. */
import { type H3Event, defineEventHandler, sendWebResponse } from 'h3'
import { getRouteRules } from 'nitropack/runtime'
import { civitaiAuth } from './auth.ts'
import { give } from './give.ts'
import { pageOf, refusalOf, requestOf } from './request.ts'
import { visits } from './visits.ts'

/** True where an answer is kept for everyone: it must not hold one person's session. */
const isForEveryone = (event: H3Event): boolean => {
  const { cache, isr, prerender } = getRouteRules(event)
  return Boolean(cache || isr || prerender)
}

export default defineEventHandler(async (event) => {
  if (import.meta.prerender) return
  const page = pageOf(event)
  if (page !== undefined) return give(event, isForEveryone(event) ? undefined : page.civitai)
  // Nuxt renders its error page for no one.
  if (event.path.startsWith('/__nuxt_error')) return give(event, undefined)
  const refusal = refusalOf(event)
  if (refusal !== undefined) return sendWebResponse(event, refusal)
  const request = requestOf(event)
  const auth = civitaiAuth()
  const isOurs = Object.values(auth.routes).includes(new URL(request.url).pathname)
  if (isForEveryone(event) && !isOurs) return give(event, undefined)
  const visit = await auth.open(request)
  if (visit.response !== undefined) return sendWebResponse(event, visit.response)
  give(event, visit.session)
  visits.set(event, visit)
})
