/** What the README shows of pages; compiled with the tests. */
import { createApp } from 'vue'
import type { PageRequirement } from '../../src/module.ts'
import { useCivitaiAuth } from '../../src/runtime/app/use-civitai-auth.ts'
import { civitaiAuth } from '../../src/vue.ts'

declare const App: object
declare const definePageMeta: (meta: { readonly civitaiAuth: PageRequirement }) => void

export const page = () => {
  // #page
  definePageMeta({ civitaiAuth: { scopes: ['AIServicesWrite'] } }) // whoever lacks it is asked, and comes back here

  const { session, status, user, signIn, signOut, fetch } = useCivitaiAuth()
  // #end
  return { session, status, user, signIn, signOut, fetch }
}

export const vue = () => {
  // #vue
  createApp(App).use(civitaiAuth()).mount('#app')
  // #end
}
