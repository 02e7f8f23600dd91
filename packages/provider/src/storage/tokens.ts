/**
 * Codes and tokens. A token family is one sign-in: a code and the generations of tokens descended from it. A generation
 * is an access token and the refresh token issued with it.
 */
import type { DialectName } from '@civitai-oauth/core/dialect'
import type { Person } from '../provider.ts'

/** The hashes of a pair about to exist, and until when each lives. Unix milliseconds. */
export interface NewTokens {
  readonly accessHash: Uint8Array
  readonly refreshHash: Uint8Array
  readonly accessExpiresAt: number
  readonly refreshExpiresAt: number
}

export type RedeemCodeResult =
  | { readonly _tag: 'Redeemed'; readonly scopes: number; readonly personId: number }
  | { readonly _tag: 'Unknown' }
  | { readonly _tag: 'Expired' }
  /** Right in everything, moments after it was used: a doubled callback. Nothing ended. */
  | { readonly _tag: 'Repeated' }
  /** Used before: its family has ended. */
  | { readonly _tag: 'Reused' }
  /** Presented wrongly: the code is burnt. */
  | { readonly _tag: 'Mismatched'; readonly part: 'client' | 'redirect_uri' | 'code_verifier' }
  /** The grant, the family or the app is gone. */
  | { readonly _tag: 'Ended' }
  | { readonly _tag: 'Stale' }

export type RotateResult =
  | { readonly _tag: 'Rotated'; readonly scopes: number; readonly personId: number }
  /** Spent moments ago: the same answer, derived again from the spent token and this salt. */
  | { readonly _tag: 'Replayed'; readonly salt: Uint8Array; readonly scopes: number; readonly spentAt: number }
  /** Spent before that: its family has ended. */
  | { readonly _tag: 'Reused' }
  | { readonly _tag: 'Unknown' }
  | { readonly _tag: 'WrongClient' }
  | { readonly _tag: 'Expired' }
  | { readonly _tag: 'Ended' }
  /** More was asked for than the sign-in was granted. Nothing is spent. */
  | { readonly _tag: 'TooWide' }
  | { readonly _tag: 'Stale' }

/** An access token that is good now. */
export interface LiveToken {
  readonly person: Person
  readonly clientId: string
  readonly appId: number
  readonly dialect: DialectName
  readonly trusted: boolean
  /** Granted, and still allowed to the app. */
  readonly scopes: number
  readonly issuedAt: number
  readonly expiresAt: number
}

export interface TokenStorage {
  /** One caller wins, however many try. */
  redeemCode(redemption: {
    readonly codeHash: Uint8Array
    readonly clientId: string
    readonly revision: number
    readonly redirectUri: string
    /** What the stored challenge must be, for either method: computed from the verifier that was sent. */
    readonly expected: { readonly S256: string; readonly plain: string }
    readonly tokens: NewTokens
    readonly now: number
  }): Promise<RedeemCodeResult>
  /** One generation follows, however many try. */
  rotateRefreshToken(rotation: {
    readonly refreshHash: Uint8Array
    readonly clientId: string
    readonly revision: number
    /** Until when the access token issued with the spent one lives on; `null`: until its own expiry. */
    readonly accessBeforeUntil: number | null
    /** What the answer is narrowed to, the baseline included; `null` for all. */
    readonly narrowTo: number | null
    readonly salt: Uint8Array
    readonly tokens: NewTokens
    /** Refuse a spent token at once and end nothing: an observed quirk. */
    readonly graceless: boolean
    /** The family's own end, in milliseconds after its sign-in. */
    readonly familyLifetime: number
    readonly now: number
  }): Promise<RotateResult>
  /** An access token for the app itself, acting as its owner. */
  issueToClient(issue: {
    readonly clientId: string
    readonly revision: number
    readonly scopes: number
    readonly accessHash: Uint8Array
    readonly expiresAt: number
    readonly now: number
  }): Promise<{ readonly _tag: 'Issued' } | { readonly _tag: 'Stale' }>
  /** A refresh token ends its family; an access token ends alone. Another's token is left as it is. */
  revoke(revocation: {
    readonly hash: Uint8Array
    readonly by:
      | { readonly _tag: 'Client'; readonly clientId: string }
      | { readonly _tag: 'Person'; readonly personId: number }
    readonly now: number
  }): Promise<{ readonly _tag: 'Revoked' } | { readonly _tag: 'NotFound' }>
  /**
   * Refreshes of an app on each day since a moment, oldest day first, for its owner alone. Counted from the spent
   * tokens that are kept anyway, so the refresh itself writes nothing for it; at most `most` of them are looked at.
   */
  refreshesOf(count: {
    readonly clientId: string
    readonly ownerId: number
    /** Unix milliseconds. */
    readonly since: number
    readonly most: number
  }): Promise<readonly { readonly day: number; readonly refreshes: number }[]>
  find(accessHash: Uint8Array, now: number): Promise<LiveToken | null>
  /** True for an access token that ended by time alone: its answer says so. */
  hasExpired(accessHash: Uint8Array, now: number): Promise<boolean>
}

/** How long a spent refresh token replays its answer, and a doubled callback ends nothing. Milliseconds. */
export const replayWindow = 30_000

/** When a revoked access token ended: before every moment, so that it is dead by a clock that runs behind, too. */
export const revokedAt = 0
