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
