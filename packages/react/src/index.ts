'use client'
/**
 * Sign in with Civitai for React, beside any server that runs the handler or with no server at all: a provider that
 * keeps one store, and hooks that read it. Which session stands, and how it is asked for, is the store's business.
 */
import type { BrowserSession, PublicStore } from '@civitai-oauth/client/browser'
import type { ScopeOf } from '@civitai-oauth/client'
import { type ReactElement, createElement, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { type CivitaiAuthProviderProps, type CivitaiAuthTools, Context, keep, share, useShared } from './shared.ts'

export { useCivitaiSession } from './use-civitai-session.ts'
export type { KnownAuth } from './use-civitai-session.ts'
export type { CivitaiAuthProviderProps, CivitaiAuthTools } from './shared.ts'
export type { BrowserSession, PublicOptions, SignInRequest, User } from '@civitai-oauth/client/browser'

/** The session, told apart by `status`, and what can be done about it. */
export type CivitaiAuth<S extends string = string> = BrowserSession<S> & CivitaiAuthTools<S>

/** Keeps the session for everything below it. Its properties count when it is mounted. */
export const CivitaiAuthProvider = (props: CivitaiAuthProviderProps): ReactElement => {
  const [shared] = useState(() => share(props))
  useEffect(() => keep(shared), [shared])
  return createElement(Context.Provider, { value: shared }, props.children)
}

/** The session, and `signIn`, `signOut`, `fetch`. The same object until the session changes. */
export const useCivitaiAuth = <S extends string = ScopeOf['civitai']>(): CivitaiAuth<S> => {
  const { store, tools, rendered } = useShared()
  const session = useSyncExternalStore(store.subscribe, store.get, rendered)
  const error = 'error' in store ? (store as PublicStore).error() : undefined
  return useMemo(() => ({ ...session, ...tools, error }), [session, tools, error]) as CivitaiAuth<S>
}
