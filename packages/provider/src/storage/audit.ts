/** The audit log. Operations write their own events, in their own transaction; `append` is for the rest. */
import type { AuditEvent, AuditKind } from '../audit.ts'

export interface NewAuditEvent {
  readonly at: number
  readonly kind: AuditKind
  readonly clientId: string | null
  readonly personId: number | null
  readonly actorId: number | null
  readonly detail: Readonly<Record<string, string>>
}

export interface AuditPage {
  /** Events with a smaller id. */
  readonly before: number | null
  readonly limit: number
}

export interface AuditStorage {
  append(event: NewAuditEvent): Promise<void>
  /** Newest first. Empty unless `ownerId` owned the app when the event was written. */
  ofApp(clientId: string, ownerId: number, page: AuditPage): Promise<readonly AuditEvent[]>
  ofPerson(personId: number, page: AuditPage): Promise<readonly AuditEvent[]>
}
