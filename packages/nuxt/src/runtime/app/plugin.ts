/** Starts with what the server rendered, and follows the session once the page is hydrated. */
import { type AuthStore, type BrowserSession, createAuthStore } from '@civitai-oauth/client/browser'
import { defineNuxtPlugin, useRequestEvent, useState } from 'nuxt/app'
import { bind, key } from '../../vue.ts'
import { within } from '../within.ts'

/** Nuxt's own router, or the small one it has where an app has no pages. */
interface Router {
  readonly currentRoute: { readonly value: { readonly fullPath: string } }
}

/** What the guard finds in the app. @internal */
export interface Held {
  readonly store: AuthStore
  /** Where our routes are, as the browser knows it. */
  readonly basePath: string
  readonly home: string
}

export default defineNuxtPlugin({
  name: 'civitai-auth',
  setup: (nuxtApp) => {
    // A page that is cached, or made at build time, is nobody's in particular: it is `unknown` there.
    const rendered = useState<BrowserSession>(
      'civitai-auth',
      () => (import.meta.server && useRequestEvent()?.context.civitai?.view) || { status: 'unknown' },
    )
    const { app, public: told } = nuxtApp.$config
    const { baseURL: home } = app as { baseURL: string }
    const basePath = within(home, (told['civitaiAuth'] as { basePath: string }).basePath)
    const store = createAuthStore({ basePath, initial: rendered.value })
    const { auth, start } = bind(store, home)
    const page = () => within(home, (nuxtApp['$router'] as Router).currentRoute.value.fullPath)
    nuxtApp.vueApp.provide(key, { auth, basePath, home, page })
    if (import.meta.client) {
      // No earlier: what changes while the page hydrates is a mismatch.
      if (nuxtApp.isHydrating) nuxtApp.hooks.hookOnce('app:suspense:resolve', start)
      else start()
    }
    const held: Held = { store, basePath, home }
    return { provide: { civitaiAuth: { ...auth, ...held } } }
  },
})
