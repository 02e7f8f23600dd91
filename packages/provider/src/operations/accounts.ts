/** Signing in, signing up and browser sessions. */
import type { Person } from './person.ts'

/** Somebody whose account is kept elsewhere. */
export interface OutsidePerson {
  /** A UUID that stays theirs whatever else changes. It is their `uuid` here: Quaily's apps are told it. */
  readonly uuid: string
  readonly username: string
  readonly email: string | null
  readonly emailVerified: boolean
  readonly picture: string | null
}

/** Accounts that are kept elsewhere, asked in place of the passwords kept here. */
export interface OutsideAccounts {
  /**
   * Whose these are; `null` for nobody's. Attempts are counted before it is asked. The person is made here at their first
   * sign-in, and brought up to date at every later one.
   */
  signIn(credentials: { readonly email: string; readonly password: string }): Promise<OutsidePerson | null>
}

/** A browser's session with this server. */
export interface PortalSession {
  readonly person: Person
  readonly createdAt: number
}

export type SignInResult =
  /** `cookie` is a whole `Set-Cookie` value; any session the browser had before is ended. */
  | { readonly _tag: 'SignedIn'; readonly person: Person; readonly cookie: string }
  | { readonly _tag: 'WrongCredentials' }
  /** Right, but somebody else here has the name or the address that their account elsewhere has. */
  | { readonly _tag: 'AccountTaken'; readonly field: 'username' | 'email' }
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
