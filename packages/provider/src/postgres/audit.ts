import { auditColumns as columns, eventOf } from '../rows/audit.ts'
import type { AuditStorage } from '../storage/audit.ts'
import type { Engine } from './engine.ts'

export const auditStorage = (engine: Engine): AuditStorage => {
  const note = engine.prepare('SELECT civitai_note($1, $2, $3, $4, $5, $6)')
  const newest = 'ORDER BY id DESC LIMIT'
  const ofApp = engine.prepare(
    `SELECT ${columns} FROM audit WHERE client_id = $1 AND owner_id = $2 AND id < $3 ${newest} $4`,
  )
  const ofPerson = engine.prepare(`SELECT ${columns} FROM audit WHERE person_id = $1 AND id < $2 ${newest} $3`)
  const newestId = Number.MAX_SAFE_INTEGER
  return {
    append: async ({ at, kind, clientId, personId, actorId, detail }) =>
      void (await note.run(at, kind, clientId, personId, actorId, JSON.stringify(detail))),
    ofApp: async (clientId, ownerId, { before, limit }) =>
      (await ofApp.all(clientId, ownerId, before ?? newestId, limit)).map(eventOf),
    ofPerson: async (personId, { before, limit }) =>
      (await ofPerson.all(personId, before ?? newestId, limit)).map(eventOf),
  }
}
