/** OAuth apps as their owners register, edit, rotate and delete them. */
import type { ClientType, Problem } from '@civitai-oauth/core/app-registration'
import type { DialectName } from '@civitai-oauth/core/dialect'
import type { Person } from './person.ts'

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
