/** Starts with what the server rendered, and follows the session once the page is hydrated. */
import { type BrowserSession, createAuthStore } from '@civitai-oauth/client/browser'
import { defineNuxtPlugin, useRequestEvent, useRuntimeConfig, useState } from 'nuxt/app'
import { bind, key } from '../../vue.ts'
import { within } from '../within.ts'

/** Nuxt's own router, or the small one it has where an app has no pages. */
interface Router {
  readonly currentRoute: { readonly value: { readonly fullPath: string } }
}

export default defineNuxtPlugin({
  name: 'civitai-auth',
  setup: (nuxtApp) => {
    const event = useRequestEvent()
    // A page that is cached, or made at build time, is nobody's in particular: it is `unknown` there.
    const rendered = useState<BrowserSession>(
      'civitai-auth',
      () => event?.context.civitai?.view ?? { status: 'unknown' },
    )
    const { app, public: told } = useRuntimeConfig()
    const { baseURL } = app as { baseURL: string }
    const { basePath } = told['civitaiAuth'] as { basePath: string }
    const path = within(baseURL, basePath)
    const store = createAuthStore({ basePath: path, initial: rendered.value })
    const { auth, start } = bind(store, baseURL)
    const page = () => within(baseURL, (nuxtApp['$router'] as Router).currentRoute.value.fullPath)
    nuxtApp.vueApp.provide(key, { auth, basePath: path, home: baseURL, page })
    if (event === undefined) {
      // No earlier: what changes while the page hydrates is a mismatch.
      if (nuxtApp.isHydrating) nuxtApp.hooks.hookOnce('app:suspense:resolve', start)
      else start()
    }
    return { provide: { civitaiAuth: { ...auth, store } } }
  },
})
