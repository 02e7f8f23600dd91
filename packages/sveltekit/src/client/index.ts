/** The session, for components. */
export { useCivitaiAuth } from './auth.svelte.ts'
export type { CivitaiAuth, UseOptions } from './auth.svelte.ts'
export type { BrowserSession, SignInRequest, User } from '@civitai-oauth/client/browser'
