import { auditColumns as columns, eventOf } from '../rows/audit.ts'
import type { Engine } from './engine.ts'
import type { AuditStorage, NewAuditEvent } from '../storage/audit.ts'

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

export const auditStorage = (engine: Engine): AuditStorage => {
  const note = noteOf(engine)
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
