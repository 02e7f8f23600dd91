/**
 * The app's side of "Sign in with Civitai" (and with Quaily), for any server that speaks `Request` and `Response`.
 * Start at `createCivitaiAuth`.
 */
export { createCivitaiAuth } from './auth.ts'
export type { CivitaiAuth, Registration, Visit } from './auth.ts'
export { isAuthError } from './error.ts'
export type { AuthError, ClientErrorTag } from './error.ts'
export type { AuthEvent } from './event.ts'
export { forwardedHeaders } from './forward.ts'
export { lazyCivitaiAuth } from './lazy.ts'
export { standardDialect } from './app-dialect.ts'
export type { AppDialect, StandardServer } from './app-dialect.ts'
export type { DialectChoice, DialectName, Environment, Options, ScopeOf, ScopesOf } from './options.ts'
export type { Session, SessionTools } from './session.ts'
export type { SessionView, User } from './session-view.ts'
export type { Caller } from './outside.ts'
export type { SessionStore, StoredSession } from './store/store.ts'
export type { TraceSpan, Tracer } from './tracer.ts'
