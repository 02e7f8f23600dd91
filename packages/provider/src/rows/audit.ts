import type { AuditEvent, AuditKind } from '../audit.ts'
import type { Row } from './row.ts'

export const auditColumns = 'id, at, kind, client_id, person_id, actor_id, detail'

export const eventOf = (row: Row): AuditEvent => ({
  id: row[0] as number,
  at: row[1] as number,
  kind: row[2] as AuditKind,
  clientId: row[3] as string | null,
  personId: row[4] as number | null,
  actorId: row[5] as number | null,
  detail: JSON.parse(row[6] as string) as Record<string, string>,
})
