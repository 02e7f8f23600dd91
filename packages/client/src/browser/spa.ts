/** The session of an app without a server, as the same small store. Its protocol is loaded when it is first needed. */
import type { ScopeName } from '@civitai-oauth/core/scope'
import type { BrowserSession } from './store.ts'
import type { PublicOptions, PublicStore } from './public-store.ts'

export type { PublicOptions, PublicStore } from './public-store.ts'

/** A public client: PKCE in the browser, no secret, tokens in memory unless told otherwise. */
export const createSpaStore = <S extends string = ScopeName>(options: PublicOptions<S>): PublicStore<S> => {
  const unknown: BrowserSession<S> = { status: 'unknown' }
  let store: PublicStore<S> | undefined
  let loading: Promise<PublicStore<S>> | undefined
  const begin = async (): Promise<PublicStore<S>> => {
    try {
      const { createPublicStore } = await import('./public-store.ts')
      return (store = createPublicStore(options))
    } catch (error) {
      // Offline, or another version was deployed meanwhile: whoever comes next tries again.
      loading = undefined
      throw error
    }
  }
  const load = () => (loading ??= begin())

  return {
    get: () => store?.get() ?? unknown,
    error: () => store?.error(),
    subscribe: (listener) => {
      let stop = () => {}
      let stopped = false
      const follow = async () => {
        const loaded = await load()
        if (stopped) return
        stop = loaded.subscribe(listener)
        listener()
      }
      void follow()
      return () => {
        stopped = true
        stop()
      }
    },
    // A public client has no server that renders a session.
    adopt: () => {},
    reload: async () => (await load()).reload(),
    signIn: (request) => void load().then((loaded) => loaded.signIn(request)),
    signOut: async (request) => (await load()).signOut(request),
    fetch: async (input, init) => (await load()).fetch(input, init),
    accessToken: async () => (await load()).accessToken(),
  }
}
