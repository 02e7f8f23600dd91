import { appColumns, appOf, appWidth } from '../rows/app.ts'
import { requestOf, verificationColumns as columns } from '../rows/verification.ts'
import type { VerificationStorage } from '../storage/verification.ts'
import type { Engine } from './engine.ts'
import { noteOf } from './audit.ts'

export const verificationStorage = (engine: Engine): VerificationStorage => {
  const note = noteOf(engine)
  const owned = engine.prepare('SELECT verified FROM apps WHERE client_id = ? AND owner_id = ?')
  const ask = engine.prepare(
    `INSERT INTO verifications (client_id, note, links, asked_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (client_id) DO UPDATE SET note = excluded.note, links = excluded.links,
       asked_at = iif(decided_at IS NULL, asked_at, excluded.asked_at), decided_at = NULL, verified = NULL, reason = NULL`,
  )
  const find = engine.prepare(`SELECT ${columns} FROM verifications WHERE client_id = ?`)
  const queue = engine.prepare(
    `SELECT ${appColumns}, ${columns} FROM verifications JOIN apps ON apps.client_id = verifications.client_id
     WHERE decided_at IS NULL AND (asked_at, verifications.client_id) > (?, ?)
     ORDER BY asked_at, verifications.client_id LIMIT ?`,
  )
  const flag = (name: string) =>
    engine.prepare(`UPDATE apps SET ${name} = ?, revision = revision + 1 WHERE client_id = ? RETURNING ${appColumns}`)
  const flags = { verified: flag('verified'), trusted: flag('trusted') }
  const answer = engine.prepare(
    'UPDATE verifications SET decided_at = ?, verified = ?, reason = ? WHERE client_id = ? AND decided_at IS NULL',
  )
  const search = engine.prepare(
    `SELECT ${appColumns}, people.username FROM apps JOIN people ON people.id = apps.owner_id
     WHERE (?1 = '' OR instr(lower(name), lower(?1)) > 0 OR client_id = ?1 OR instr(lower(username), lower(?1)) > 0)
       AND apps.id < coalesce((SELECT id FROM apps WHERE client_id = ?2), 9007199254740991)
     ORDER BY apps.id DESC LIMIT ?3`,
  )
  return {
    ask: (clientId, ownerId, { note: text, links }, now) =>
      engine.write(() => {
        const row = owned.get(clientId, ownerId)
        if (!row) return { _tag: 'NotFound' }
        if (row[0] === 1) return { _tag: 'AlreadyVerified' }
        ask.run(clientId, text, JSON.stringify(links), now)
        note({ at: now, kind: 'verification-asked', clientId, personId: ownerId, actorId: null, detail: {} })
        return { _tag: 'Asked' }
      }),
    find: (clientId) =>
      engine.read(() => {
        const row = find.get(clientId)
        return row ? requestOf(row) : null
      }),
    queue: ({ after, limit }) =>
      engine.read(() =>
        queue
          .all(after?.askedAt ?? -1, after?.clientId ?? '', limit)
          .map((row) => ({ app: appOf(row), request: requestOf(row, appWidth) })),
      ),
    decide: (clientId, { flag: name, on, reason }, staffId, now) =>
      engine.write(() => {
        const row = flags[name].get(Number(on), clientId)
        if (!row) return null
        const app = appOf(row)
        if (name === 'verified') answer.run(now, Number(on), reason, clientId)
        const kind = on ? 'app-verified' : 'app-unverified'
        note({ at: now, kind, clientId, personId: app.ownerId, actorId: staffId, detail: { flag: name, reason } })
        return app
      }),
    search: (query, { after, limit }) =>
      engine.read(() =>
        search.all(query, after, limit).map((row) => ({ app: appOf(row), owner: row[appWidth] as string })),
      ),
  }
}
