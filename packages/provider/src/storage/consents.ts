/** Requests waiting for a person's answer, the grants they lead to, and the codes issued for them. */
import type { BuzzLimit } from '@civitai-oauth/core/buzz-limit'
import type { KeptApp } from './apps.ts'

/** An authorization request that passed every check, as it must be found again at consent. */
export interface KeptRequest {
  readonly clientId: string
  readonly redirectUri: string
  /** What was asked for, before trimming to what the app may have. */
  readonly requested: number
  /** What the consent page shows: never more than this is granted. */
  readonly offered: number
  readonly state: string
  readonly challenge: string
  readonly challengeMethod: 'S256' | 'plain'
  /** The code of the device that waits for the answer; `null` where a browser is sent back to the app. */
  readonly device: Uint8Array | null
}

export interface PendingRequest extends KeptRequest {
  /** Set once the person has answered. */
  readonly answer: { readonly approved: boolean; readonly at: number; readonly salt: Uint8Array } | null
}

/** What a code is issued with. Hashes only: the code itself exists in one redirect. */
export interface NewCode {
  readonly hash: Uint8Array
  readonly redirectUri: string
  readonly challenge: string
  readonly challengeMethod: 'S256' | 'plain'
  readonly scopes: number
  readonly expiresAt: number
}

export type RecordConsentResult =
  | { readonly _tag: 'Recorded' }
  /** The same browser answered the same way moments ago: the code is derived again from this salt. */
  | { readonly _tag: 'Repeated'; readonly salt: Uint8Array }
  /** Unknown, run out, answered otherwise, begun by another session, or for a device that has its answer. */
  | { readonly _tag: 'Gone' }
  /** The app changed since it was checked: check again. */
  | { readonly _tag: 'Stale' }

export interface Approval {
  readonly requestHash: Uint8Array
  readonly sessionHash: Uint8Array
  readonly personId: number
  readonly clientId: string
  /** The app's revision that the scopes and the address were checked against. */
  readonly revision: number
  readonly remember: boolean
  /** `undefined` keeps the limit that stands. */
  readonly buzzLimit: BuzzLimit | null | undefined
  readonly salt: Uint8Array
  /** For a device it is issued under the device's own hash instead of this one. */
  readonly code: NewCode
  readonly now: number
}

export interface ConsentStorage {
  keep(
    request: KeptRequest & {
      readonly hash: Uint8Array
      readonly sessionHash: Uint8Array
      readonly expiresAt: number
    },
  ): Promise<void>
  /** `null` for another session's request, an unknown one, and one that has run out. */
  find(requestHash: Uint8Array, sessionHash: Uint8Array, now: number): Promise<PendingRequest | null>
  /** The person pressed Authorize: the grant, a token family and its code, and the request is answered; all or nothing. */
  recordConsent(approval: Approval): Promise<RecordConsentResult>
  /** The person pressed Deny. */
  recordDenial(denial: {
    readonly requestHash: Uint8Array
    readonly sessionHash: Uint8Array
    readonly personId: number
    readonly now: number
  }): Promise<{ readonly _tag: 'Recorded' } | { readonly _tag: 'Gone' }>
  /** By a credential that is itself the approval, without a page: the grant, a family and its code; not remembered. */
  approveDirectly(approval: {
    readonly personId: number
    readonly clientId: string
    readonly revision: number
    /** The access token that approves, which must still live: a grant that was taken back does not come back by it. */
    readonly byToken: Uint8Array | null
    readonly code: NewCode
    readonly now: number
  }): Promise<{ readonly _tag: 'Recorded' } | { readonly _tag: 'Stale' } | { readonly _tag: 'Ended' }>
  /** Without a page: only where a remembered grant covers the scopes at this moment. */
  approveRemembered(approval: {
    readonly personId: number
    readonly clientId: string
    readonly revision: number
    readonly code: NewCode
    readonly now: number
  }): Promise<{ readonly _tag: 'Recorded' } | { readonly _tag: 'NotCovered' } | { readonly _tag: 'Stale' }>
}

export interface KeptGrant {
  readonly clientId: string
  readonly scopes: number
  /** The part of `scopes` that needs no page again. */
  readonly remembered: number
  readonly buzzLimit: BuzzLimit | null
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

export interface GrantStorage {
  find(personId: number, clientId: string): Promise<KeptGrant | null>
  /** Newest first, each with the app as it stands. */
  list(personId: number): Promise<readonly { readonly grant: KeptGrant; readonly app: KeptApp }[]>
  /** The app is not told. `null` takes the limit away. */
  setBuzzLimit(
    personId: number,
    clientId: string,
    limit: BuzzLimit | null,
    now: number,
  ): Promise<{ readonly _tag: 'Changed' } | { readonly _tag: 'NotFound' }>
  /** Every token of the grant is dead from the moment this answers, in every process. */
  revoke(
    personId: number,
    clientId: string,
    now: number,
  ): Promise<{ readonly _tag: 'Revoked' } | { readonly _tag: 'NotFound' }>
}
