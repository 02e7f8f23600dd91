import type { ScopeOf } from '@civitai-oauth/client'
import { useNuxtApp } from 'nuxt/app'
import type { CivitaiAuth } from '../../vue.ts'

/** The session: `{ session, status, user, signIn, signOut, fetch }`. Auto-imported. */
export const useCivitaiAuth = <S extends string = ScopeOf['civitai']>(): CivitaiAuth<S> =>
  useNuxtApp()['$civitaiAuth'] as CivitaiAuth<S>
