/**
 * The session, for a UI: a small store that reads it from the app's own server and keeps it true across tabs. It knows
 * no token and speaks no protocol.
 */
export { createAuthStore } from './store.ts'
export type { AuthStore, BrowserSession, SignInRequest, StoreOptions } from './store.ts'
export type { SessionView, User } from '../session-view.ts'
