/** The session as Vue sees it: refs over the store. Nuxt uses this too; an app that is plain Vue calls `app.use(civitaiAuth())`. */
import {
  type AuthStore,
  type BrowserSession,
  type SignInRequest,
  type StoreOptions,
  type User,
  createAuthStore,
} from '@civitai-oauth/client/browser'
import type { ScopeOf } from '@civitai-oauth/client'
import { type ComputedRef, type InjectionKey, type Plugin, type ShallowRef, computed, inject, shallowRef } from 'vue'

export type { BrowserSession, SignInRequest, StoreOptions, User } from '@civitai-oauth/client/browser'

export interface CivitaiAuth<S extends string = string> {
  readonly session: Readonly<ShallowRef<BrowserSession<S>>>
  readonly status: ComputedRef<BrowserSession<S>['status']>
  /** Who is signed in, or was when the session expired. */
  readonly user: ComputedRef<User | undefined>
  /** Leaves for the authorization server; by default comes back to this page. */
  signIn(request?: SignInRequest<S>): void
  /** Signs out here and in other tabs, then loads `returnTo` (default `/`) anew. */
  signOut(request?: { readonly returnTo?: string }): Promise<void>
  /** `fetch` to this app's own server, which understands its answers about signing in and permissions. */
  readonly fetch: AuthStore<S>['fetch']
}

/** Refs that show the store from `start` on: what a server rendered stands until the page is hydrated. */
export const bind = <S extends string>(
  store: AuthStore<S>,
  home = '/',
): { readonly auth: CivitaiAuth<S>; start(): void } => {
  const session = shallowRef(store.get())
  const draw = () => {
    session.value = store.get()
  }
  return {
    auth: {
      session,
      status: computed(() => session.value.status),
      user: computed(() => ('user' in session.value ? session.value.user : undefined)),
      signIn: store.signIn,
      signOut: ({ returnTo = home } = {}) => store.signOut({ returnTo }),
      fetch: store.fetch,
    },
    start: () => {
      store.subscribe(draw)
      draw()
    },
  }
}

/** What an app provides to everything below it. @internal */
export interface Provided {
  readonly auth: CivitaiAuth
  /** Where our routes are, as the browser knows it. */
  readonly basePath: string
  /** The app's start page. */
  readonly home: string
  /** The page a person is on, where there is no browser to say so. */
  readonly page?: (() => string) | undefined
}

/** @internal */
export const key: InjectionKey<Provided> = Symbol('civitai-auth')

/** @internal */
export const useProvided = (): Provided => {
  const provided = inject(key, undefined)
  if (provided === undefined) throw new Error('Call app.use(civitaiAuth()) before useCivitaiAuth().')
  return provided
}

/** `app.use(civitaiAuth())`, in an app whose server runs the handler. */
export const civitaiAuth = (options: StoreOptions = {}): Plugin => ({
  install: (app) => {
    const { auth, start } = bind(createAuthStore(options))
    app.provide(key, { auth, basePath: options.basePath ?? '/oauth', home: '/' })
    if (typeof window !== 'undefined') start()
  },
})

/** The session, in a component's setup. Throws where `civitaiAuth` is not installed. */
export const useCivitaiAuth = <S extends string = ScopeOf['civitai']>(): CivitaiAuth<S> =>
  useProvided().auth as CivitaiAuth<S>
