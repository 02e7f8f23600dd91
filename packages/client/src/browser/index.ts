/**
 * The session, for a UI, as a small store. `createAuthStore` reads it from the app's own server, knows no token and
 * speaks no protocol. `createSpaStore` is for an app without a server; its protocol is loaded when it is first needed.
 */
export { createAuthStore } from './store.ts'
export type { AuthStore, BrowserSession, SignInRequest, StoreOptions } from './store.ts'
export type { SessionView, User } from '../session-view.ts'
export { createSpaStore } from './spa.ts'
export type { PublicOptions, PublicStore } from './spa.ts'
