'use client'
/**
 * Sign in with Civitai for React, beside any server that runs the handler or with no server at all: a provider that
 * keeps one store, and a hook that reads it. Which session stands, and how it is asked for, is the store's business.
 */
import {
  type AuthStore,
  type BrowserSession,
  type PublicOptions,
  type SignInRequest,
  createAuthStore,
  createSpaStore,
} from '@civitai-oauth/client/browser'
import type { ScopeOf } from '@civitai-oauth/client'
import {
  type ReactElement,
  type ReactNode,
  createContext,
  createElement,
  useContext,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'

export type { BrowserSession, PublicOptions, SignInRequest, User } from '@civitai-oauth/client/browser'

export interface CivitaiAuthTools<S extends string = string> {
  /** Leaves for the authorization server; by default comes back to this page. */
  signIn(request?: SignInRequest<S>): void
  /** Signs out here and in other tabs, then loads `returnTo` (default `/`) anew. */
  signOut(request?: { readonly returnTo?: string }): Promise<void>
  /**
   * Beside a server: `fetch` to it, which understands its answers about signing in and permissions. As a public client:
   * `fetch` with the bearer, to the API's origin only.
   */
  readonly fetch: AuthStore<S>['fetch']
}

/** The session, told apart by `status`, and what can be done about it. */
export type CivitaiAuth<S extends string = string> = BrowserSession<S> & CivitaiAuthTools<S>

export interface CivitaiAuthProviderProps {
  /** Where the server has our routes. Default `/oauth`. */
  readonly basePath?: string
  /**
   * What the server rendered this page with: `session.view`. Then nothing flashes. Without it the status is `unknown`
   * in HTML and while it hydrates, and the server is asked after that.
   */
  readonly initialSession?: BrowserSession
  /** A public client, where there is no server; its code is loaded only then. */
  readonly spa?: PublicOptions<ScopeOf['civitai']>
  readonly children?: ReactNode
}

interface Shared {
  readonly store: AuthStore
  readonly tools: CivitaiAuthTools
  /** What the HTML shows: the same on the server and while the browser hydrates it. */
  readonly rendered: () => BrowserSession
}

const share = ({ basePath, initialSession = { status: 'unknown' }, spa }: CivitaiAuthProviderProps): Shared => {
  const store: AuthStore = spa
    ? createSpaStore(spa as PublicOptions)
    : createAuthStore({ ...(basePath !== undefined && { basePath }), initial: initialSession })
  return {
    store,
    tools: {
      signIn: store.signIn,
      signOut: ({ returnTo = '/' } = {}) => store.signOut({ returnTo }),
      fetch: store.fetch,
    },
    rendered: () => initialSession,
  }
}

const Context = createContext<Shared | undefined>(undefined)

/** Keeps the session for everything below it. Its properties count when it is mounted. */
export const CivitaiAuthProvider = (props: CivitaiAuthProviderProps): ReactElement => {
  const [shared] = useState(() => share(props))
  return createElement(Context.Provider, { value: shared }, props.children)
}

/** The session, and `signIn`, `signOut`, `fetch`. The same object until the session changes. */
export const useCivitaiAuth = <S extends string = ScopeOf['civitai']>(): CivitaiAuth<S> => {
  const shared = useContext(Context)
  if (shared === undefined) throw new Error('Put <CivitaiAuthProvider> around what calls useCivitaiAuth().')
  const { store, tools, rendered } = shared
  const session = useSyncExternalStore(store.subscribe, store.get, rendered)
  return useMemo(() => ({ ...session, ...tools }), [session, tools]) as CivitaiAuth<S>
}
