/** `definePageMeta({ civitaiAuth: { scopes } })`: who may not see the page is sent to sign in, and comes back to it. */
import { defineNuxtRouteMiddleware, navigateTo, useNuxtApp, useRequestEvent } from 'nuxt/app'
import type { PageRequirement } from '../../options.ts'
import { within } from '../within.ts'
import type { Held } from './plugin.ts'

export default defineNuxtRouteMiddleware(async (to) => {
  const nuxtApp = useNuxtApp()
  const { store, basePath, home } = nuxtApp['$civitaiAuth'] as Held
  const returnTo = within(home, to.fullPath)
  /** `//x` is a path of ours here. */
  const load = () => navigateTo(location.origin + returnTo, { external: true })
  // A sign-in begins with a document, though a link for pages led to it.
  if (import.meta.client && within(home, to.path) === `${basePath}/sign-in`) return load()

  const required = to.meta['civitaiAuth'] as PageRequirement<string> | undefined
  if (required === undefined) return

  if (import.meta.server) {
    const { scopes = [] } = required
    const session = useRequestEvent()?.context.civitai
    if (session === undefined) return
    if (session.status === 'signed-in' && scopes.every((scope) => session.scopes.includes(scope))) return
    return navigateTo(session.signInPath({ returnTo, scopes }), { external: true, redirectCode: 303 })
  }

  // The server has judged the page it rendered.
  if (nuxtApp.isHydrating && nuxtApp.payload.serverRendered) return
  // The compiler rewrites no ending here.
  const { enter } = await import('./enter.js')
  return enter(store, returnTo, required, load)
})
