'use client'
/** The session for components below a `<Suspense>`: they wait until it is known, and never see `unknown`. */
import type { AuthStore, BrowserSession } from '@civitai-oauth/client/browser'
import type { ScopeOf } from '@civitai-oauth/client'
import * as React from 'react'
import { type CivitaiAuthTools, type Shared, type Told, useShared, waiting } from './shared.ts'

type Known<S extends string> = Exclude<BrowserSession<S>, { readonly status: 'unknown' }>

/** The session, told apart by `status`, which is never `unknown`, and what can be done about it. */
export type KnownAuth<S extends string = string> = Known<S> & CivitaiAuthTools<S>

/** For React 18.3, which waits for a promise that is thrown. */
const readThrown = (promise: Told): BrowserSession => {
  if (promise.status === 'rejected') throw promise.reason
  if (promise.status !== 'fulfilled') throw promise
  return promise.value as BrowserSession
}

/** Asked for by name, so that no bundler misses it in 18.3. */
const use = (Reflect.get(React, 'use') as typeof readThrown | undefined) ?? readThrown

const isServer = () => typeof window === 'undefined'

/** React ends what waits on a server with its fallback, and begins anew in the browser. */
const onlyInBrowser = () =>
  Object.assign(
    new Error('Nobody said who is signed in: give <CivitaiAuthProvider> an initialSession, or let the browser ask.'),
    { digest: 'CIVITAI_SESSION_UNKNOWN' },
  )

/** Asks, and listens until there is an answer. */
const ask = (store: AuthStore): Promise<BrowserSession> => {
  if (isServer()) throw onlyInBrowser()
  return new Promise((resolve) => {
    const look = () => {
      const session = store.get()
      if (session.status === 'unknown') return
      stop()
      resolve(session)
    }
    const stop = store.subscribe(look)
  })
}

const tell = (promise: Told): Told => {
  promise.then(
    (value) => void Object.assign(promise, { status: 'fulfilled', value }),
    (reason: unknown) => void Object.assign(promise, { status: 'rejected', reason }),
  )
  return promise
}

/** What a server promised, also for the store of this page. */
const arriving = (promised: Told, store: AuthStore): Told => {
  if (!isServer()) void promised.then(store.adopt, () => {})
  return tell(promised)
}

/** For each provider, however often React begins anew: what is known of it first, and what the browser asked for. */
const firsts = new WeakMap<Shared, Told>()
const asked = new WeakMap<Shared, Told>()

const askedOf = (shared: Shared): Told => {
  const promise = asked.get(shared) ?? tell(ask(shared.store))
  asked.set(shared, promise)
  if (!shared.kept && !isServer()) waiting.set(shared.key, shared)
  return promise
}

const firstOf = (shared: Shared): Told => {
  const { store, promised } = shared
  const now = store.get()
  const told = { status: 'fulfilled', value: now }
  const first =
    firsts.get(shared) ??
    (promised !== undefined && now.status === 'unknown'
      ? arriving(promised, store)
      : Object.assign(Promise.resolve(now), told))
  firsts.set(shared, first)
  return first
}

/**
 * `useCivitaiAuth` for components below a `<Suspense>`: the first time it waits until the session is known. On a server
 * that needs an `initialSession`, or a promise of one; without, the fallback is in the HTML and the browser goes on.
 */
export const useCivitaiSession = <S extends string = ScopeOf['civitai']>(): KnownAuth<S> => {
  const shared = useShared()
  const said = use(firstOf(shared))
  const first = said.status === 'unknown' ? use(askedOf(shared)) : said
  const { store, tools } = shared
  const session = React.useSyncExternalStore(store.subscribe, store.get, () => first)
  return React.useMemo(() => ({ ...session, ...tools }), [session, tools]) as KnownAuth<S>
}
