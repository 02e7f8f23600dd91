/** `definePageMeta({ civitaiAuth: { scopes } })`: who may not see the page is sent to sign in, and comes back to it. */
import type { AuthStore, BrowserSession } from '@civitai-oauth/client/browser'
import { defineNuxtRouteMiddleware, navigateTo, useNuxtApp, useRequestEvent, useRuntimeConfig } from 'nuxt/app'
import type { PageRequirement } from '../../options.ts'
import { within } from '../within.ts'

/** `unknown` lets through: a page that is the same for everyone is never a reason to redirect. */
const mayEnter = (session: BrowserSession, scopes: readonly string[]): boolean =>
  session.status === 'unknown' ||
  (session.status === 'signed-in' && scopes.every((scope) => session.scopes.includes(scope)))

export default defineNuxtRouteMiddleware(async (to) => {
  const { app, public: told } = useRuntimeConfig()
  const { baseURL } = app as { baseURL: string }
  const { basePath } = told['civitaiAuth'] as { basePath: string }
  const returnTo = within(baseURL, to.fullPath)
  // A sign-in begins with a document, though a link for pages led to it.
  const event = useRequestEvent()
  if (event === undefined && to.path === `${basePath}/sign-in`)
    return navigateTo(location.origin + returnTo, { external: true })

  const required = to.meta['civitaiAuth'] as PageRequirement<string> | undefined
  if (required === undefined) return
  const { scopes = [] } = required

  if (event !== undefined) {
    const session = event.context.civitai
    if (session === undefined || mayEnter(session, scopes)) return
    return navigateTo(session.signInPath({ returnTo, scopes }), { external: true, redirectCode: 303 })
  }

  const nuxtApp = useNuxtApp()
  // The server has judged the page it rendered.
  if (nuxtApp.isHydrating && nuxtApp.payload.serverRendered) return
  const { store } = nuxtApp['$civitaiAuth'] as { store: AuthStore }
  if (store.get().status === 'unknown') await store.reload()
  const session = store.get()
  if (mayEnter(session, scopes)) return
  // A page load restores an expired session, often without showing anything. `//x` is a path of ours here.
  if (session.status === 'expired') return navigateTo(location.origin + returnTo, { external: true })
  store.signIn({ returnTo, scopes })
  // The browser is leaving: no other page is drawn meanwhile.
  return new Promise<never>(() => {})
})
