/** One line of the audit log: append-only, outlives its app, never holds a secret, code or token. */
export interface AuditEvent {
  readonly id: number
  /** Unix milliseconds. */
  readonly at: number
  readonly kind: AuditKind
  readonly clientId: string | null
  readonly personId: number | null
  /** Who did it, when that is not the person it concerns: an owner, staff. */
  readonly actorId: number | null
  /** Small facts, e.g. `{ reason: 'reuse', scopes: 'UserRead BuzzRead' }`. */
  readonly detail: Readonly<Record<string, string>>
}

/**
 * An event as whoever may read it sees it: the owner of its app, or the person it concerns. Who uses an app stays between
 * them and it, and which of the staff decided stays with the staff, so no id of anybody else is here.
 */
export interface ReadEvent extends Omit<AuditEvent, 'personId' | 'actorId'> {
  /**
   * Whom it concerns: `self` for the reader, otherwise a pseudonym that stands for one person in the log of one app and
   * means nothing anywhere else.
   */
  readonly person: string | null
  /** Who did it, when that is not the person it concerns. */
  readonly by: 'self' | 'staff' | null
}

export type AuditKind =
  | 'app-registered'
  | 'app-edited'
  | 'secret-prepared'
  | 'secret-rotated'
  | 'app-verified'
  | 'app-unverified'
  | 'app-deleted'
  | 'granted'
  | 'refused'
  | 'signed-in'
  | 'code-reused'
  | 'token-reused'
  | 'grant-revoked'
  | 'token-revoked'
  | 'buzz-limit-changed'
  | 'spend-refused'
  | 'verification-asked'
  | 'api-key-created'
  | 'api-key-deleted'
  | 'staff-added'
  | 'staff-removed'
