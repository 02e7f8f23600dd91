import { appColumns, appOf, appWidth } from '../rows/app.ts'
import { grantColumns, grantOf, pendingColumns, pendingOf } from '../rows/consent.ts'
import type { Row } from '../rows/row.ts'
import type { ConsentStorage, GrantStorage, NewCode } from '../storage/consents.ts'
import type { Engine } from './engine.ts'
import { covers } from '../scope-mask.ts'
import { replayWindow } from '../storage/tokens.ts'
import { noteOf } from './audit.ts'

export const consentStorage = (engine: Engine): ConsentStorage => {
  const note = noteOf(engine)
  const keep = engine.prepare(
    `INSERT INTO requests (id_hash, session_hash, client_id, redirect_uri, requested, offered, state, challenge,
       challenge_method, device_hash, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const find = engine.prepare(
    `SELECT ${pendingColumns} FROM requests WHERE id_hash = ? AND session_hash = ? AND expires_at > ?`,
  )
  const answer = engine.prepare('UPDATE requests SET answered_at = ?, approved = ?, salt = ? WHERE id_hash = ?')
  const answerDevice = engine.prepare('UPDATE devices SET approved = ? WHERE code_hash = ?')
  const waiting = engine.prepare('SELECT 1 FROM devices WHERE code_hash = ? AND expires_at > ? AND approved IS NULL')
  const revisionOf = engine.prepare('SELECT revision FROM apps WHERE client_id = ?')
  const remembered = engine.prepare('SELECT id, remembered FROM grants WHERE person_id = ? AND client_id = ?')
  // A person who does not tick "remember" is asked again next time, whatever was remembered before.
  const grant = engine.prepare(
    `INSERT INTO grants (person_id, client_id, scopes, remembered, buzz_limit, created_at)
     VALUES (?1, ?2, ?3, iif(?4, ?3, 0), ?6, ?7)
     ON CONFLICT (person_id, client_id) DO UPDATE SET
       scopes = scopes | excluded.scopes,
       remembered = iif(?4, remembered | excluded.scopes, 0),
       buzz_limit = iif(?5, excluded.buzz_limit, buzz_limit)
     RETURNING id`,
  )
  const directly = engine.prepare(
    `INSERT INTO grants (person_id, client_id, scopes, remembered, created_at) VALUES (?, ?, ?, 0, ?)
     ON CONFLICT (person_id, client_id) DO UPDATE SET scopes = scopes | excluded.scopes RETURNING id`,
  )
  const standing = engine.prepare(
    `SELECT 1 FROM generations JOIN families ON families.id = family_id JOIN grants ON grants.id = grant_id
     WHERE access_hash = ? AND access_expires_at > ? AND ended_at IS NULL`,
  )
  const family = engine.prepare(
    'INSERT INTO families (grant_id, person_id, client_id, scopes, created_at) VALUES (?, ?, ?, ?, ?) RETURNING id',
  )
  const code = engine.prepare(
    `INSERT INTO codes (hash, family_id, client_id, redirect_uri, challenge, challenge_method, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )

  /** A device is answered once, though its code may have been typed into two pages. */
  const isAnswered = (device: Uint8Array | null, now: number) => device !== null && !waiting.get(device, now)
  const isCurrent = (clientId: string, revision: number) => revisionOf.get(clientId)?.[0] === revision

  const issue = (grantId: number, personId: number, clientId: string, issued: NewCode, now: number) => {
    const familyId = (family.get(grantId, personId, clientId, issued.scopes, now) as Row)[0] as number
    code.run(
      issued.hash,
      familyId,
      clientId,
      issued.redirectUri,
      issued.challenge,
      issued.challengeMethod,
      issued.expiresAt,
    )
  }

  return {
    keep: ({ hash, sessionHash, expiresAt, ...request }) =>
      engine.write(
        () =>
          void keep.run(
            hash,
            sessionHash,
            request.clientId,
            request.redirectUri,
            request.requested,
            request.offered,
            request.state,
            request.challenge,
            request.challengeMethod,
            request.device,
            expiresAt,
          ),
      ),
    find: (requestHash, sessionHash, now) =>
      engine.read(() => {
        const row = find.get(requestHash, sessionHash, now)
        return row ? pendingOf(row) : null
      }),
    recordConsent: (approval) =>
      engine.write(() => {
        const { requestHash, sessionHash, personId, clientId, revision, remember, buzzLimit, salt, now } = approval
        const row = find.get(requestHash, sessionHash, now)
        const pending = row && pendingOf(row)
        if (!pending || pending.clientId !== clientId) return { _tag: 'Gone' }
        if (pending.answer) {
          const doubled = pending.answer.approved && now - pending.answer.at <= replayWindow
          return doubled ? { _tag: 'Repeated', salt: pending.answer.salt } : { _tag: 'Gone' }
        }
        if (isAnswered(pending.device, now)) return { _tag: 'Gone' }
        if (!isCurrent(clientId, revision)) return { _tag: 'Stale' }
        answer.run(now, 1, salt, requestHash)
        const limit = buzzLimit ? JSON.stringify(buzzLimit) : null
        const { scopes } = approval.code
        const granted = grant.get(
          personId,
          clientId,
          scopes,
          Number(remember),
          Number(buzzLimit !== undefined),
          limit,
          now,
        )
        const { device } = pending
        const issued = device === null ? approval.code : { ...approval.code, hash: device }
        if (device !== null) answerDevice.run(1, device)
        issue((granted as Row)[0] as number, personId, clientId, issued, now)
        const detail = { remembered: remember ? 'yes' : 'no', scopes: String(scopes) }
        note({ at: now, kind: 'granted', clientId, personId, actorId: null, detail })
        return { _tag: 'Recorded' }
      }),
    recordDenial: ({ requestHash, sessionHash, personId, now }) =>
      engine.write(() => {
        const row = find.get(requestHash, sessionHash, now)
        const pending = row && pendingOf(row)
        if (!pending) return { _tag: 'Gone' }
        if (pending.answer) return { _tag: pending.answer.approved ? 'Gone' : 'Recorded' }
        if (isAnswered(pending.device, now)) return { _tag: 'Gone' }
        answer.run(now, 0, null, requestHash)
        if (pending.device !== null) answerDevice.run(0, pending.device)
        const { clientId } = pending
        note({ at: now, kind: 'refused', clientId, personId, actorId: null, detail: { reason: 'denied' } })
        return { _tag: 'Recorded' }
      }),
    approveDirectly: ({ personId, clientId, revision, byToken, code: issued, now }) =>
      engine.write(() => {
        if (byToken !== null && !standing.get(byToken, now)) return { _tag: 'Ended' }
        if (!isCurrent(clientId, revision)) return { _tag: 'Stale' }
        const granted = directly.get(personId, clientId, issued.scopes, now)
        issue((granted as Row)[0] as number, personId, clientId, issued, now)
        const detail = { remembered: 'no', scopes: String(issued.scopes), by: 'api' }
        note({ at: now, kind: 'granted', clientId, personId, actorId: null, detail })
        return { _tag: 'Recorded' }
      }),
    approveRemembered: ({ personId, clientId, revision, code: issued, now }) =>
      engine.write(() => {
        const row = remembered.get(personId, clientId)
        if (!row || !covers(row[1] as number, issued.scopes)) return { _tag: 'NotCovered' }
        if (!isCurrent(clientId, revision)) return { _tag: 'Stale' }
        issue(row[0] as number, personId, clientId, issued, now)
        return { _tag: 'Recorded' }
      }),
  }
}

export const grantStorage = (engine: Engine): GrantStorage => {
  const note = noteOf(engine)
  const joined = 'FROM grants JOIN apps ON apps.client_id = grants.client_id'
  const find = engine.prepare(`SELECT ${grantColumns} ${joined} WHERE person_id = ? AND grants.client_id = ?`)
  const list = engine.prepare(
    `SELECT ${appColumns}, ${grantColumns} ${joined} WHERE person_id = ? ORDER BY grants.id DESC LIMIT 5000`,
  )
  const limit = engine.prepare('UPDATE grants SET buzz_limit = ? WHERE person_id = ? AND client_id = ?')
  const revoke = engine.prepare('DELETE FROM grants WHERE person_id = ? AND client_id = ?')
  return {
    find: (personId, clientId) =>
      engine.read(() => {
        const row = find.get(personId, clientId)
        return row ? grantOf(row) : null
      }),
    list: (personId) =>
      engine.read(() => list.all(personId).map((row) => ({ app: appOf(row), grant: grantOf(row, appWidth) }))),
    setBuzzLimit: (personId, clientId, value, now) =>
      engine.write(() => {
        if (limit.run(value && JSON.stringify(value), personId, clientId) === 0) return { _tag: 'NotFound' }
        const detail = { limit: value === null ? 'none' : JSON.stringify(value) }
        note({ at: now, kind: 'buzz-limit-changed', clientId, personId, actorId: null, detail })
        return { _tag: 'Changed' }
      }),
    revoke: (personId, clientId, now) =>
      engine.write(() => {
        if (revoke.run(personId, clientId) === 0) return { _tag: 'NotFound' }
        note({ at: now, kind: 'grant-revoked', clientId, personId, actorId: null, detail: {} })
        return { _tag: 'Revoked' }
      }),
  }
}
