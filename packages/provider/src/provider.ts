/**
 * What a provider offers: the wire on one side (`fetch`), and on the other the operations that a portal, a command
 * line or a test call directly. Nothing here is an HTTP shape; nothing here throws for bad input: every operation
 * answers with a tagged result.
 */
import type { Problem } from '@civitai-oauth/core/app-registration'
import type { ClientType } from '@civitai-oauth/core/app-registration'
import type { BuzzLimit } from '@civitai-oauth/core/buzz-limit'
import type { DialectName } from '@civitai-oauth/core/dialect'
import type { AuditEvent, ReadEvent } from './audit.ts'
import type { Incoming, Outgoing } from './http/exchange.ts'

/** A person with an account here. `id` is Civitai's numeric user id; `uuid` is Quaily's global one. */
export interface Person {
  readonly id: number
  readonly uuid: string
  readonly username: string
  readonly email: string | null
  readonly emailVerified: boolean
  readonly picture: string | null
  readonly staff: boolean
}

/** A registered OAuth app, as its owner sees it. Times are Unix milliseconds. Never holds a secret. */
export interface App {
  readonly clientId: string
  readonly dialect: DialectName
  readonly name: string
  readonly description: string
  readonly redirectUris: readonly string[]
  /** The most a token for this app may ever hold: scope names of its dialect. */
  readonly allowedScopes: readonly string[]
  readonly type: ClientType
  readonly verified: boolean
  readonly trusted: boolean
  readonly ownerId: number
  readonly createdAt: number
  readonly updatedAt: number
  /** Goes up by one at every edit; an edit names the version it started from. */
  readonly version: number
  readonly currentSecret: SecretInfo | null
  readonly nextSecret: SecretInfo | null
}

export interface SecretInfo {
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

/** An app in the owner's list. */
export interface AppSummary extends App {
  readonly people: number
  readonly liveTokens: number
}

/** What a person types into the app form. Raw: `registerApp` says what is wrong with it. */
export interface AppDraft {
  readonly name: string
  readonly description: string
  /** One URI a line, as typed. */
  readonly redirectUris: string
  readonly scopes: readonly string[]
  readonly type: ClientType
  readonly dialect: DialectName
}

export type RegisterResult =
  | { readonly _tag: 'Registered'; readonly app: App; readonly secret: string | null }
  | { readonly _tag: 'Invalid'; readonly problems: readonly Problem[] }

export type EditResult =
  | { readonly _tag: 'Edited'; readonly app: App }
  | { readonly _tag: 'Invalid'; readonly problems: readonly Problem[] }
  /** Somebody else saved first: `app` is what stands now. */
  | { readonly _tag: 'Conflict'; readonly app: App }
  | { readonly _tag: 'NotFound' }

/** An app's secrets as somebody saw them: the `createdAt` of each, `null` where there was none. */
export interface SeenSecrets {
  readonly current: number | null
  readonly next: number | null
}

/** Somebody else changed the secrets first: `app` is what stands, nothing was changed now, and no secret is shown. */
type SecretConflict = { readonly _tag: 'Conflict'; readonly app: App }

export type SecretResult =
  | { readonly _tag: 'SecretIssued'; readonly app: App; readonly secret: string }
  | SecretConflict
  | { readonly _tag: 'NotConfidential' }
  | { readonly _tag: 'NotFound' }

export type RotateResult =
  /** `secret` is null when a prepared one was promoted: it was shown when it was prepared. */
  | { readonly _tag: 'Rotated'; readonly app: App; readonly secret: string | null }
  | SecretConflict
  | { readonly _tag: 'NotConfidential' }
  | { readonly _tag: 'NotFound' }

export type DeleteResult =
  | { readonly _tag: 'Deleted'; readonly people: number; readonly tokens: number }
  | { readonly _tag: 'NotFound' }

/** Registration and lifecycle. `actor` is the signed-in person; what is not theirs is `NotFound`. */
export interface Apps {
  register(actor: Person, draft: AppDraft): Promise<RegisterResult>
  edit(actor: Person, clientId: string, version: number, draft: AppDraft): Promise<EditResult>
  /** `seen`: the secrets the actor decided upon, those of this moment unless told. Others by now are a `Conflict`. */
  prepareSecret(actor: Person, clientId: string, seen?: SeenSecrets): Promise<SecretResult>
  rotateSecret(actor: Person, clientId: string, seen?: SeenSecrets): Promise<RotateResult>
  delete(actor: Person, clientId: string): Promise<DeleteResult>
  /** Newest first; `query` matches name or client id. `limit` is 50 unless told. */
  list(
    actor: Person,
    page?: { readonly query?: string; readonly after?: string; readonly limit?: number },
  ): Promise<{ readonly apps: readonly AppSummary[]; readonly next: string | null; readonly total: number }>
  get(actor: Person, clientId: string): Promise<AppSummary | null>
  /** Asks staff to verify the app. What is said and where to look, at most 2,000 characters and ten links. */
  askForVerification(
    actor: Person,
    clientId: string,
    request: { readonly note: string; readonly links: readonly string[] },
  ): Promise<{ readonly _tag: 'Asked' } | { readonly _tag: 'AlreadyVerified' } | { readonly _tag: 'NotFound' }>
  /** Where an earlier request stands; `null` where there was none. */
  verification(actor: Person, clientId: string): Promise<Verification | null>
}

export interface Verification {
  readonly note: string
  readonly links: readonly string[]
  readonly askedAt: number
  /** `null` while it waits for staff. */
  readonly decision: { readonly verified: boolean; readonly reason: string; readonly at: number } | null
}

/** An app as staff see it. */
export interface StaffApp {
  readonly app: App
  /** The owner's username. */
  readonly owner: string
  readonly verification: Verification | null
}

type NotStaff = { readonly _tag: 'NotStaff' }
type Decision =
  | { readonly _tag: 'Decided'; readonly app: App }
  | { readonly _tag: 'ReasonMissing' }
  | { readonly _tag: 'NotFound' }
  | NotStaff

/** For people with `staff`; everybody else is answered `NotStaff`. All of it is written down. */
export interface Staff {
  /** Apps whose owners wait for an answer, the longest first. Paged as `search` is. */
  queue(
    actor: Person,
    page?: { readonly after?: string; readonly limit?: number },
  ): Promise<{ readonly _tag: 'Found'; readonly apps: readonly StaffApp[]; readonly next: string | null } | NotStaff>
  /**
   * By a part of the name or of the owner's name, newest first; a whole client id finds that app alone. `limit` is 50
   * unless told; `next` is what the page after this one names as `after`.
   */
  search(
    actor: Person,
    query: string,
    page?: { readonly after?: string; readonly limit?: number },
  ): Promise<{ readonly _tag: 'Found'; readonly apps: readonly StaffApp[]; readonly next: string | null } | NotStaff>
  verify(actor: Person, clientId: string, verified: boolean, reason: string): Promise<Decision>
  /** Quaily's trust flag: unlocks what only trusted apps may ask for. */
  trust(actor: Person, clientId: string, trusted: boolean, reason: string): Promise<Decision>
  auditOf(
    actor: Person,
    clientId: string,
    page?: { readonly before?: number; readonly limit?: number },
  ): Promise<
    | {
        readonly _tag: 'Found'
        readonly events: readonly AuditEvent[]
        /** Of everybody whom the events name, by id. Only staff are told: an owner is not told who uses an app. */
        readonly usernames: ReadonlyMap<number, string>
      }
    | { readonly _tag: 'NotFound' }
    | NotStaff
  >
}

export interface ApiKeyInfo {
  readonly id: number
  readonly name: string
  /** The last four characters. */
  readonly hint: string
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

/** Quaily's API keys: each acts as the person who made it. */
export interface ApiKeys {
  /** `key` is shown once and never again. */
  create(
    actor: Person,
    name: string,
  ): Promise<
    | { readonly _tag: 'Created'; readonly info: ApiKeyInfo; readonly key: string }
    | { readonly _tag: 'Invalid'; readonly message: string }
  >
  list(actor: Person): Promise<readonly ApiKeyInfo[]>
  delete(actor: Person, id: number): Promise<{ readonly _tag: 'Deleted' } | { readonly _tag: 'NotFound' }>
}

/** What one person granted one app, as Connected Apps lists it. */
export interface Grant {
  readonly clientId: string
  readonly appName: string
  readonly appDescription: string
  readonly appVerified: boolean
  readonly dialect: DialectName
  readonly scopes: readonly string[]
  readonly remembered: boolean
  readonly buzzLimit: BuzzLimit | null
  /** What the app has spent within each budget of the limit, in the same order. */
  readonly buzzSpent: readonly number[]
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

export interface Grants {
  list(actor: Person): Promise<readonly Grant[]>
  /** Of any shape: what is wrong with it is listed. `null` or an empty list takes the limit away. */
  setBuzzLimit(
    actor: Person,
    clientId: string,
    limit: unknown,
  ): Promise<
    | { readonly _tag: 'Changed' }
    | { readonly _tag: 'Invalid'; readonly problems: readonly { readonly path: string; readonly message: string }[] }
    | { readonly _tag: 'NotFound' }
  >
  /** Takes effect at the next use of any token, in every process. The app is not told. */
  revoke(actor: Person, clientId: string): Promise<{ readonly _tag: 'Revoked' } | { readonly _tag: 'NotFound' }>
}

/** Everything the consent page shows, from the request kept on the server. */
export interface ConsentView {
  readonly request: string
  readonly app: {
    readonly clientId: string
    readonly name: string
    readonly description: string
    readonly verified: boolean
    readonly ownerUsername: string
    readonly dialect: DialectName
  }
  /** Where Authorize and Deny lead: already proved to be registered, or our own device page. */
  readonly redirectUri: string
  /** What the token will hold, the baseline included. */
  readonly granted: readonly string[]
  /** Asked for, and not available to this app. */
  readonly unavailable: readonly string[]
  /** In `granted`, but not in what this person granted the app before. Equals `granted` the first time. */
  readonly added: readonly string[]
  /** True when a spending permission that the buzz limit covers is asked for. */
  readonly offersBuzzLimit: boolean
  /** The form's target: the authorize endpoint's path. */
  readonly action: string
  /** The same authorize request, as a path of this server: for somebody else to sign in first. `null` for a device. */
  readonly again: string | null
}

export type ConsentLookup =
  | { readonly _tag: 'Pending'; readonly view: ConsentView }
  /** Unknown, answered already, run out, or begun by another session: the page says to go back to the app. */
  | { readonly _tag: 'Gone' }

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

export interface Audit {
  /** Newest first. Readable by the owner also after the app is gone. */
  ofApp(
    actor: Person,
    clientId: string,
    page?: { readonly before?: number; readonly limit?: number },
  ): Promise<readonly ReadEvent[]>
  ofPerson(actor: Person, page?: { readonly before?: number; readonly limit?: number }): Promise<readonly ReadEvent[]>
  /** All of an app's events as JSON lines, newest first, read as they are taken. */
  linesOfApp(actor: Person, clientId: string): AsyncIterable<string>
  /** All of a person's events likewise. */
  linesOfPerson(actor: Person): AsyncIterable<string>
  /**
   * Refreshes are counted, not listed: how many on each day (its start in UTC, Unix milliseconds) since a moment,
   * oldest first. Up to 30 days back, and no more than 50,000 in all.
   */
  refreshesOf(
    actor: Person,
    clientId: string,
    since: number,
  ): Promise<readonly { readonly day: number; readonly refreshes: number }[]>
}

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

export interface ProfileSwitch {
  /** As `set` reads it: `documented`, `observed,-redirect-303`. */
  current(): string
  /** Counts from the next request. */
  set(profile: string): { readonly _tag: 'Set' } | { readonly _tag: 'Refused'; readonly reason: string }
}

export interface Provider {
  /** The server's own origin, e.g. `http://localhost:4100`. `Host` headers never change it. */
  readonly issuer: string
  /** What an app may be registered for. */
  readonly dialects: readonly DialectName[]
  /** True for a path that `fetch` answers (OAuth, discovery, health); the rest is the portal's. */
  owns(pathname: string): boolean
  /** `address` is the caller's, for limits; a server behind this function knows it, `Request` does not. */
  fetch(request: Request, from?: { readonly address?: string }): Promise<Response>
  /** The same without `Request` and `Response`: what `@civitai-oauth/provider/node` calls. */
  handle(incoming: Incoming): Promise<Outgoing>
  readonly apps: Apps
  readonly grants: Grants
  readonly accounts: Accounts
  readonly audit: Audit
  readonly apiKeys: ApiKeys
  readonly staff: Staff
  readonly admin: Admin
  /** Which observed quirks are on. */
  readonly profile: ProfileSwitch
  /** `cookieHeader` must carry the session that began the request. */
  consent(request: string, cookieHeader: string | null): Promise<ConsentLookup>
  /** Ready turns false, and requests are still answered: what a balancer needs to see first. */
  drain(): void
  /** Finishes what is in flight, then closes the storage. */
  close(): Promise<void>
}
