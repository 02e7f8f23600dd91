/** A tab in Nuxt DevTools that shows the session machine at work. In development only: no build holds any of it. */
import * as kit from '@nuxt/kit'
import type { Nuxt } from 'nuxt/schema'

/** What `@nuxt/devtools` asks modules for. */
interface Tab {
  readonly name: string
  readonly title: string
  readonly icon: string
  readonly view: { readonly type: 'iframe'; readonly src: string }
}

export const addDevtools = (nuxt: Nuxt, resolve: (path: string) => string): void => {
  kit.addServerPlugin(resolve('./runtime/server/devtools/plugin'))
  kit.addServerHandler({ route: '/__civitai-oauth', handler: resolve('./runtime/server/devtools/page') })
  kit.addServerHandler({ route: '/__civitai-oauth/state', handler: resolve('./runtime/server/devtools/state') })
  const src = `${nuxt.options.app.baseURL.replace(/\/+$/, '')}/__civitai-oauth`
  const add = (tabs: Tab[]) =>
    void tabs.push({
      name: 'civitai-oauth',
      title: 'Sign in with Civitai',
      icon: 'carbon:user-identification',
      view: { type: 'iframe', src },
    })
  nuxt.hooks.addHooks({ 'devtools:customTabs': add } as object)
}
