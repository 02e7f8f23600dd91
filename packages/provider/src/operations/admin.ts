/** What only the process that runs the server may do. */
import type { App, AppDraft, RegisterResult } from './app.ts'
import type { Person } from './person.ts'

/** What an operator, a seed or an emulator does beforehand. Nothing here asks who is allowed to: never reach it from a request. */
export interface Admin {
  createPerson(person: {
    readonly username: string
    readonly email?: string | null
    readonly emailVerified?: boolean
    readonly picture?: string | null
    readonly staff?: boolean
    /** May be signed in with one click, where samples are on. */
    readonly sample?: boolean
    /** Kept as its scrypt hash. Without one the person cannot sign in by password. */
    readonly password?: string
    readonly uuid?: string
    /** Yellow buzz and Quaily credits to begin with: 10,000 and 1,000 for samples unless told, otherwise none. */
    readonly buzz?: number
    readonly credits?: number
  }): Promise<
    | { readonly _tag: 'Created'; readonly person: Person }
    | { readonly _tag: 'Taken'; readonly field: 'username' | 'email' }
  >
  /** By username or email address, regardless of case. */
  findPerson(name: string): Promise<Person | null>
  /** Counts from the person's next request, and is written into their log. `false` where it was so already. */
  setStaff(person: Person, staff: boolean): Promise<boolean>
  /** Everybody who is staff, the first that became a member first. */
  staff(): Promise<readonly Person[]>
  /** Registers an app with an id, a secret or flags that are settled already. */
  registerApp(
    owner: Person,
    draft: AppDraft,
    settled?: {
      readonly clientId?: string
      readonly secret?: string
      readonly verified?: boolean
      readonly trusted?: boolean
    },
  ): Promise<RegisterResult>
  findApp(clientId: string): Promise<App | null>
  /** Sets the flags that are given; `null` for an unknown app. */
  markApp(
    clientId: string,
    flags: { readonly verified?: boolean; readonly trusted?: boolean },
    actor?: Person,
  ): Promise<App | null>
  /** A portal session, as the cookie that carries it. */
  beginSession(person: Person): Promise<{ readonly name: string; readonly value: string }>
  /** Adds to what a person can spend: yellow buzz unless another pool is named. */
  credit(person: Person, amount: number, currency?: 'yellow' | 'blue' | 'green' | 'credit'): Promise<void>
  /** Empties the storage: people, apps, grants, tokens, sessions and the audit log. */
  reset(): Promise<void>
}
