/** Opens the session of every request, and answers our own routes. */
import { defineEventHandler, sendWebResponse } from 'h3'
import { getRouteRules } from 'nitropack/runtime'
import { civitaiAuth } from './auth.ts'
import { outerSession, requestOf } from './request.ts'
import { visits } from './visits.ts'

export default defineEventHandler(async (event) => {
  if (import.meta.prerender) return
  const outer = outerSession(event)
  if (outer !== undefined) {
    event.context.civitai = outer
    return
  }
  const request = requestOf(event)
  const auth = civitaiAuth()
  const { pathname } = new URL(request.url)
  const { cache, isr, prerender } = getRouteRules(event)
  // What is kept for everyone must not hold one person's session. Nuxt renders its error page for no one, too.
  const isForEveryone = Boolean(cache || isr || prerender) || pathname === '/__nuxt_error'
  if (isForEveryone && !Object.values(auth.routes).includes(pathname)) return
  const visit = await auth.open(request)
  if (visit.response !== undefined) return sendWebResponse(event, visit.response)
  event.context.civitai = visit.session
  visits.set(event, visit)
})
