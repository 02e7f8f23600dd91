/** A session store with a server behind it: `get` and `subscribe` are all an adapter needs to draw it. */
import type { SessionView } from '../session-view.ts'

/** `unknown` until the server was asked: what cached HTML renders, and never a reason to redirect. */
export type BrowserSession<S extends string = string> = { readonly status: 'unknown' } | SessionView<S>

export interface SignInRequest<S extends string = string> {
  /** A path of this app. Default: the page the person is on. */
  readonly returnTo?: string
  /** Permissions beside those the app always asks for. */
  readonly scopes?: readonly S[]
}

export interface StoreOptions<S extends string = string> {
  /** Where the app's server has our routes. Default `/oauth`. */
  readonly basePath?: string
  /** What the server rendered this page with. */
  readonly initial?: BrowserSession<S> | undefined
}

export interface AuthStore<S extends string = string> {
  /** What stands now. The same object until something changes. */
  get(): BrowserSession<S>
  /** Runs `listener` after each change; the answer ends it. The first subscription asks the server where nothing is known. */
  subscribe(listener: () => void): () => void
  /** The server just rendered this: it is as good as having asked. */
  adopt(session: BrowserSession<S>): void
  /** Asks the server. */
  reload(): Promise<void>
  /** Leaves the page for the authorization server. */
  signIn(request?: SignInRequest<S>): void
  /** Signs out here and in the other tabs; then goes to `returnTo` where one is given. */
  signOut(request?: { readonly returnTo?: string }): Promise<void>
  /**
   * `fetch` to the app's own server. Its 401 makes the session known as over; its 403 `ScopesMissing` asks the person for
   * the permission and comes back to this page.
   */
  fetch(input: string, init?: RequestInit): Promise<Response>
}

/** A tab that was asleep for longer asks the server when a person comes back to it. */
const staleMs = 60_000

export const createAuthStore = <S extends string = string>({
  basePath = '/oauth',
  initial = { status: 'unknown' },
}: StoreOptions<S> = {}): AuthStore<S> => {
  let session: BrowserSession<S> = initial
  let known = initial.status === 'unknown' ? 0 : Date.now()
  let asking: Promise<void> | undefined
  let channel: BroadcastChannel | undefined
  const listeners = new Set<() => void>()

  /** Who is signed in, as tabs tell it each other: a tab that hears of somebody else asks the server. */
  const who = () => (session.status === 'signed-in' ? session.user.id : session.status)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches our own origin only
  const tell = () => session.status !== 'unknown' && channel?.postMessage(who())
  const adopt = (next: BrowserSession<S>) => {
    known = Date.now()
    if (JSON.stringify(next) === JSON.stringify(session)) return
    session = next
    tell()
    for (const listener of listeners) listener()
  }
  const read = async () => {
    const before = session
    try {
      const answer = await fetch(`${basePath}/session`, { headers: { accept: 'application/json' } })
      const view = answer.ok && ((await answer.json()) as SessionView<S>)
      // What changed meanwhile, a sign-out above all, is newer than what was asked before it.
      if (view && session === before) adopt(view)
    } catch {
      // Offline, or the server is restarting: what was known stands.
    }
    asking = undefined
  }
  const reload = () => (asking ??= read())
  /** An answer under way may be from before another tab's news. */
  const reloadAfter = async () => {
    await asking
    await reload()
  }

  const signIn = ({
    returnTo = location.pathname + location.search + location.hash,
    scopes = [],
  }: SignInRequest<S> = {}) => {
    const query = new URLSearchParams({ returnTo, ...(scopes.length > 0 && { scopes: scopes.join(' ') }) })
    location.assign(`${basePath}/sign-in?${query}`)
  }

  const awake = () => {
    if (document.visibilityState === 'visible' && Date.now() - known > staleMs) void reload()
  }
  // A page from the back/forward cache shows what was true when it was left.
  const shown = (event: PageTransitionEvent) => void (event.persisted && reload())
  const start = () => {
    try {
      channel = new BroadcastChannel(`civitai-oauth:${basePath}`)
      channel.addEventListener('message', ({ data }) => void (data === who() || reloadAfter()))
    } catch {
      // A browser may lack channels, or refuse them: then each tab asks for itself.
    }
    addEventListener('pageshow', shown)
    document.addEventListener('visibilitychange', awake)
    if (session.status === 'unknown') void reload()
    else tell()
  }
  const stop = () => {
    channel?.close()
    channel = undefined
    removeEventListener('pageshow', shown)
    document.removeEventListener('visibilitychange', awake)
  }

  return {
    get: () => session,
    adopt,
    reload,
    signIn,
    subscribe: (listener) => {
      if (listeners.size === 0) start()
      listeners.add(listener)
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) stop()
      }
    },
    signOut: async ({ returnTo } = {}) => {
      const answer = await fetch(`${basePath}/sign-out`, { method: 'POST', headers: { accept: 'application/json' } })
      if (!answer.ok) throw new Error(`Sign-out was refused with ${answer.status}.`)
      adopt({ status: 'signed-out' })
      if (returnTo !== undefined)
        location.assign(new URL(returnTo, location.href).origin === location.origin ? returnTo : '/')
    },
    fetch: async (input, init) => {
      const answer = await fetch(input, init)
      // What another origin says of sessions and permissions is not about ours.
      if (new URL(input, location.href).origin !== location.origin) return answer
      if (answer.status === 401) await reload()
      if (answer.status === 403) {
        const body = (await answer
          .clone()
          .json()
          .catch(() => undefined)) as { error?: string; scopes?: S[] } | undefined
        if (body?.error === 'scopes_missing') signIn({ scopes: body.scopes ?? [] })
      }
      return answer
    },
  }
}
