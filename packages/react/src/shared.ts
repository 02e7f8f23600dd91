/** What a provider shares with everything below it: one store, and what its HTML showed. */
import {
  type AuthStore,
  type BrowserSession,
  type PublicOptions,
  type PublicStore,
  type SignInRequest,
  createAuthStore,
  createSpaStore,
} from '@civitai-oauth/client/browser'
import type { ScopeOf } from '@civitai-oauth/client'
import { type ReactNode, createContext, useContext } from 'react'

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
  /** As a public client: why the last sign-in did not succeed. A server shows a page of its own. */
  readonly error?: ReturnType<PublicStore['error']>
}

export interface CivitaiAuthProviderProps {
  /** Where the server has our routes. Default `/oauth`. */
  readonly basePath?: string
  /**
   * What the server rendered this page with: `session.view`. Then nothing flashes. Without it the status is `unknown`
   * in HTML and while it hydrates, and the server is asked after that. A promise of it is for streaming:
   * `useCivitaiSession` waits for it, and `useCivitaiAuth` is `unknown` meanwhile.
   */
  readonly initialSession?: BrowserSession | Promise<BrowserSession>
  /** A public client, where there is no server; its code is loaded only then. */
  readonly spa?: PublicOptions<ScopeOf['civitai']>
  readonly children?: ReactNode
}

/** A promise that tells how it stands, as React's `use` reads and writes it. */
export type Told = Promise<BrowserSession> & { status?: string; value?: BrowserSession; reason?: unknown }

export interface Shared {
  readonly store: AuthStore
  readonly tools: CivitaiAuthTools
  /** What the HTML shows: the same on the server and while the browser hydrates it. */
  readonly rendered: () => BrowserSession
  /** Where our routes are; `undefined` where there is no server. */
  readonly basePath: string | undefined
  readonly key: string
  /** React has shown the provider, and keeps it from now on. */
  kept: boolean
  /** Who is signed in, once a server knows. */
  readonly promised: Told | undefined
}

const unknown: BrowserSession = { status: 'unknown' }

/**
 * Providers that somebody below waits for before they were ever shown: React forgets those, and makes them anew when it
 * tries again. Browsers only, and only where no server said who is there: what it said of one person is for no other.
 */
export const waiting = new Map<string, Shared>()

/** Nothing is asked or begun before somebody subscribes, or waits: React may call this and forget what came of it. */
export const share = ({ basePath = '/oauth', initialSession = unknown, spa }: CivitaiAuthProviderProps): Shared => {
  const key = spa ? spa.clientId : basePath
  const promised: Told | undefined = 'then' in initialSession ? initialSession : undefined
  const said = 'then' in initialSession ? promised?.value : initialSession
  const before = said?.status === 'unknown' ? waiting.get(key) : undefined
  if (before !== undefined) return before
  const initial = said ?? unknown
  const store: AuthStore = spa ? createSpaStore(spa as PublicOptions) : createAuthStore({ basePath, initial })
  return {
    store,
    tools: {
      signIn: store.signIn,
      signOut: ({ returnTo = '/' } = {}) => store.signOut({ returnTo }),
      fetch: store.fetch,
    },
    rendered: () => initial,
    basePath: spa ? undefined : basePath,
    key,
    kept: false,
    promised,
  }
}

/** React has shown the provider. */
export const keep = (shared: Shared): void => {
  shared.kept = true
  waiting.delete(shared.key)
}

export const Context = createContext<Shared | undefined>(undefined)

export const useShared = (): Shared => {
  const shared = useContext(Context)
  if (shared === undefined) throw new Error('Put <CivitaiAuthProvider> around what calls useCivitaiAuth().')
  return shared
}
