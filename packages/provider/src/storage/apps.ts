/** Registered apps and their secrets, as kept. Scopes are masks: see `scope-mask.ts`. */
import type { ClientType } from '@civitai-oauth/core/app-registration'
import type { DialectName } from '@civitai-oauth/core/dialect'

export interface KeptSecret {
  readonly hash: Uint8Array
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

export interface KeptApp {
  /** A running number: Quaily's app object carries it. */
  readonly id: number
  readonly clientId: string
  readonly dialect: DialectName
  readonly name: string
  readonly description: string
  readonly redirectUris: readonly string[]
  /** What the app was registered for. */
  readonly scopes: number
  /** The most a token may hold: that, the dialect's baseline, and all that they imply. */
  readonly reach: number
  readonly type: ClientType
  readonly verified: boolean
  readonly trusted: boolean
  readonly ownerId: number
  readonly createdAt: number
  readonly updatedAt: number
  /** Edits counted: what an edit form compares. */
  readonly version: number
  /** Every change counted, secrets too: what an operation that relied on a copy of this app compares. */
  readonly revision: number
  readonly secret: KeptSecret | null
  readonly nextSecret: KeptSecret | null
}

export interface CountedApp extends KeptApp {
  readonly people: number
  readonly liveTokens: number
}

export interface NewApp {
  readonly clientId: string
  readonly dialect: DialectName
  readonly name: string
  readonly description: string
  readonly redirectUris: readonly string[]
  readonly scopes: number
  readonly reach: number
  readonly type: ClientType
  readonly verified: boolean
  readonly trusted: boolean
  readonly ownerId: number
  readonly secretHash: Uint8Array | null
}

export interface AppFields {
  readonly name: string
  readonly description: string
  readonly redirectUris: readonly string[]
  readonly scopes: number
  readonly reach: number
}

export type EditAppResult =
  | { readonly _tag: 'Edited'; readonly app: KeptApp }
  | { readonly _tag: 'Conflict'; readonly app: KeptApp }
  | { readonly _tag: 'NotFound' }

export type DeleteAppResult =
  | { readonly _tag: 'Deleted'; readonly people: number; readonly tokens: number }
  | { readonly _tag: 'NotFound' }

export interface AppStorage {
  register(app: NewApp, now: number): Promise<KeptApp>
  edit(clientId: string, ownerId: number, version: number, fields: AppFields, now: number): Promise<EditAppResult>
  /** From the moment this answers, every grant and token of the app is dead in every process. The audit log stays. */
  delete(clientId: string, ownerId: number, now: number): Promise<DeleteAppResult>
  /** Sets the flags that are given. Answers `null` for an unknown app. */
  mark(
    clientId: string,
    flags: { readonly verified?: boolean; readonly trusted?: boolean },
    actorId: number | null,
    now: number,
  ): Promise<KeptApp | null>
  find(clientId: string): Promise<KeptApp | null>
  /** Newest first. `after` is the client id that the page before ended with. */
  list(
    ownerId: number,
    page: { readonly query: string; readonly after: string | null; readonly limit: number },
    now: number,
  ): Promise<{ readonly apps: readonly CountedApp[]; readonly total: number; readonly more: boolean }>
  count(clientId: string, now: number): Promise<{ readonly people: number; readonly liveTokens: number }>
}

export type ChangeSecretResult =
  /** `promoted`: the prepared secret is the current one now, and `hash` was not used. */
  | { readonly _tag: 'Changed'; readonly app: KeptApp; readonly promoted: boolean }
  /** The secrets are others than the caller saw: somebody else was first, and nothing is changed. */
  | { readonly _tag: 'Conflict'; readonly app: KeptApp }
  | { readonly _tag: 'NotConfidential' }
  | { readonly _tag: 'NotFound' }

/** An app's secrets as somebody saw them: when each was made, in Unix milliseconds; `null` where there was none. */
export interface SeenSecrets {
  readonly current: number | null
  readonly next: number | null
}

/** Every change names the secrets it was decided upon: of two at once, only one shows a secret, and that one works. */
export interface SecretStorage {
  /** A next secret, accepted beside the current one. One that was prepared before is replaced. */
  prepare(
    clientId: string,
    ownerId: number,
    seen: SeenSecrets,
    hash: Uint8Array,
    now: number,
  ): Promise<ChangeSecretResult>
  /** The current secret dies. The next one takes its place, or `hash` where none was prepared. */
  rotate(
    clientId: string,
    ownerId: number,
    seen: SeenSecrets,
    hash: Uint8Array,
    now: number,
  ): Promise<ChangeSecretResult>
  /** Notes that the secret with this hash was used. */
  touch(clientId: string, hash: Uint8Array, now: number): Promise<void>
}
