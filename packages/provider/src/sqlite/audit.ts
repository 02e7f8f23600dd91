import type { AuditEvent, AuditKind } from '../audit.ts'
import type { AuditStorage, NewAuditEvent } from '../storage/audit.ts'
import type { Engine, Row } from './engine.ts'

/** Writes one event inside whatever transaction is open. */
export type Note = (event: NewAuditEvent) => void

export const noteOf = (engine: Engine): Note => {
  const insert = engine.prepare(
    `INSERT INTO audit (at, kind, client_id, owner_id, person_id, actor_id, detail)
     VALUES (?, ?, ?, (SELECT owner_id FROM apps WHERE client_id = ?), ?, ?, ?)`,
  )
  return ({ at, kind, clientId, personId, actorId, detail }) =>
    void insert.run(at, kind, clientId, clientId, personId, actorId, JSON.stringify(detail))
}

const eventOf = (row: Row): AuditEvent => ({
  id: row[0] as number,
  at: row[1] as number,
  kind: row[2] as AuditKind,
  clientId: row[3] as string | null,
  personId: row[4] as number | null,
  actorId: row[5] as number | null,
  detail: JSON.parse(row[6] as string) as Record<string, string>,
})

export const auditStorage = (engine: Engine): AuditStorage => {
  const note = noteOf(engine)
  const columns = 'id, at, kind, client_id, person_id, actor_id, detail'
  const newest = 'id < ? ORDER BY id DESC LIMIT ?'
  const ofApp = engine.prepare(`SELECT ${columns} FROM audit WHERE client_id = ? AND owner_id = ? AND ${newest}`)
  const ofPerson = engine.prepare(`SELECT ${columns} FROM audit WHERE person_id = ? AND ${newest}`)
  const newestId = Number.MAX_SAFE_INTEGER
  return {
    append: (event) => engine.write(() => note(event)),
    ofApp: (clientId, ownerId, { before, limit }) =>
      engine.read(() => ofApp.all(clientId, ownerId, before ?? newestId, limit).map(eventOf)),
    ofPerson: (personId, { before, limit }) =>
      engine.read(() => ofPerson.all(personId, before ?? newestId, limit).map(eventOf)),
  }
}
