import { type AuthStore, type BrowserSession, type SignInRequest, createAuthStore } from '@civitai-oauth/client/browser'
import type { ScopeOf } from '@civitai-oauth/client'
import { onNavigate } from '$app/navigation'
import { onMount } from 'svelte'

export interface CivitaiAuth<S extends string = string> {
  readonly session: BrowserSession<S>
  readonly status: BrowserSession<S>['status']
  /** Leaves for the authorization server; by default comes back to this page. */
  signIn(request?: SignInRequest<S>): void
  /** Signs out here and in other tabs, then loads `returnTo` (default `/`) anew. */
  signOut(request?: { readonly returnTo?: string }): Promise<void>
  /** `fetch` to this app's own server, which understands its answers about signing in and permissions. */
  readonly fetch: AuthStore<S>['fetch']
}

export interface UseOptions {
  /** Where the handler has its routes. Default `/oauth`. */
  readonly basePath?: string
}

/** One store a page, whatever number of components use it. */
const stores = new Map<string, AuthStore>()
const storeAt = (basePath: string): AuthStore => {
  const store = stores.get(basePath) ?? createAuthStore({ basePath })
  stores.set(basePath, store)
  return store
}

/** What a server rendered counts once: a page that comes up again later brings what was true then. */
const adopted = new WeakSet<object>()

/** Navigations that left for a document: of all components on a page, one does that. */
const left = new WeakSet<object>()

/**
 * The session as reactive state, for use while a component is set up. `fromServer` gives what the server rendered the
 * page with, e.g. `() => data.session`, so that nothing flashes; without it the status is `unknown` until asked for.
 */
export const useCivitaiAuth = <S extends string = ScopeOf['civitai']>(
  fromServer: () => BrowserSession<S> | undefined = () => undefined,
  { basePath = '/oauth' }: UseOptions = {},
): CivitaiAuth<S> => {
  // A server renders for many people at once: nothing is shared there.
  const store = (typeof window === 'undefined' ? createAuthStore({ basePath }) : storeAt(basePath)) as AuthStore<S>
  /** What the server says anew; a prerendered page says nothing. */
  const news = () => {
    const rendered = fromServer()
    return rendered === undefined || rendered.status === 'unknown' || adopted.has(rendered) ? undefined : rendered
  }
  let session: BrowserSession<S> = $state.raw(news() ?? store.get())
  $effect.pre(() => {
    const rendered = news()
    if (rendered !== undefined) {
      adopted.add(rendered)
      store.adopt(rendered)
    }
    session = store.get()
  })
  // A guard's redirect leads to a document. An app with a route for every path would draw a page there instead.
  onNavigate(({ to }) => {
    if (to?.url.pathname !== `${basePath}/sign-in`) return
    if (!left.has(to)) location.assign(to.url)
    left.add(to)
    return new Promise<never>(() => {})
  })
  onMount(() => store.subscribe(() => (session = store.get())))
  return {
    get session() {
      return session
    },
    get status() {
      return session.status
    },
    signIn: store.signIn,
    signOut: ({ returnTo = '/' } = {}) => store.signOut({ returnTo }),
    fetch: store.fetch,
  }
}
