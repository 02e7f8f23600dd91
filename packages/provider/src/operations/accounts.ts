/** Signing in, signing up and browser sessions. */
import type { Person } from './person.ts'

/** A browser's session with this server. */
export interface PortalSession {
  readonly person: Person
  readonly createdAt: number
}

export type SignInResult =
  /** `cookie` is a whole `Set-Cookie` value; any session the browser had before is ended. */
  | { readonly _tag: 'SignedIn'; readonly person: Person; readonly cookie: string }
  | { readonly _tag: 'WrongCredentials' }
  | { readonly _tag: 'TooManyAttempts'; readonly retryAfterSeconds: number }

export type SignUpResult =
  | { readonly _tag: 'SignedIn'; readonly person: Person; readonly cookie: string }
  | {
      readonly _tag: 'Invalid'
      readonly problems: readonly { readonly field: 'email' | 'username' | 'password'; readonly message: string }[]
    }
  | { readonly _tag: 'TooManyAttempts'; readonly retryAfterSeconds: number }

/** People and their sessions. `cookieHeader` is the request's `Cookie` header. */
export interface Accounts {
  current(cookieHeader: string | null): Promise<PortalSession | null>
  /** Sample people who may sign in with one click: empty outside `dev`. */
  samples(): Promise<readonly Person[]>
  signInAsSample(username: string, cookieHeader: string | null): Promise<SignInResult>
  signIn(
    credentials: { readonly email: string; readonly password: string; readonly address: string },
    cookieHeader: string | null,
  ): Promise<SignInResult>
  signUp(
    account: { readonly email: string; readonly username: string; readonly password: string; readonly address: string },
    cookieHeader: string | null,
  ): Promise<SignUpResult>
  /** Ends the session; answers the `Set-Cookie` value that clears it. */
  signOut(cookieHeader: string | null): Promise<{ readonly cookie: string }>
  signOutEverywhere(actor: Person): Promise<{ readonly cookie: string }>
}
