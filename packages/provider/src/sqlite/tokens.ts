import { liveTokenColumns, liveTokenOf } from '../rows/token.ts'
import { type LiveToken, revokedAt, type NewTokens, replayWindow, type TokenStorage } from '../storage/tokens.ts'
import type { Engine } from './engine.ts'
import { covers } from '../scope-mask.ts'
import { noteOf } from './audit.ts'

/** Last use of a grant is kept to the minute. */
const usedResolution = 60_000

const dayMs = 86_400_000

export const tokenStorage = (engine: Engine): TokenStorage => {
  const note = noteOf(engine)
  const alive = `JOIN families ON families.id = family_id
    JOIN apps ON apps.client_id = families.client_id
    LEFT JOIN grants ON grants.id = families.grant_id`

  const findCode = engine.prepare(
    `SELECT codes.client_id, codes.redirect_uri, challenge, challenge_method, expires_at, used_at, family_id,
       families.scopes, families.person_id, families.ended_at, grants.id, apps.reach, apps.revision
     FROM codes ${alive} WHERE hash = ?`,
  )
  const useCode = engine.prepare('UPDATE codes SET used_at = ? WHERE hash = ?')
  const findRefresh = engine.prepare(
    `SELECT families.client_id, refresh_expires_at, spent_at, salt, next_scopes, family_id,
       families.scopes, families.person_id, families.ended_at, grants.id, apps.reach, apps.revision,
       families.created_at, grants.last_used_at
     FROM generations ${alive} WHERE refresh_hash = ?`,
  )
  const spend =
    engine.prepare(`UPDATE generations SET spent_at = ?, salt = ?, next_scopes = ?, access_expires_at = min(access_expires_at, ?)
     WHERE refresh_hash = ?`)
  const generation = engine.prepare(
    `INSERT INTO generations (access_hash, refresh_hash, family_id, scopes, created_at, access_expires_at,
       refresh_expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const used = engine.prepare('UPDATE grants SET last_used_at = ? WHERE id = ?')
  const endFamily = engine.prepare('UPDATE families SET ended_at = ? WHERE id = ? AND ended_at IS NULL')
  const clientFamily = engine.prepare(
    `INSERT INTO families (person_id, client_id, scopes, created_at)
     SELECT owner_id, client_id, ?, ? FROM apps WHERE client_id = ? AND revision = ? RETURNING id`,
  )
  const findAny = engine.prepare(
    `SELECT family_id, families.client_id, families.person_id, refresh_hash = ?1
     FROM generations JOIN families ON families.id = family_id WHERE access_hash = ?1 OR refresh_hash = ?1`,
  )
  const endAccess = engine.prepare(`UPDATE generations SET access_expires_at = ${revokedAt} WHERE access_hash = ?`)
  const findAccess = engine.prepare(
    `SELECT ${liveTokenColumns}
     FROM generations ${alive} JOIN people ON people.id = families.person_id
     WHERE access_hash = ? AND access_expires_at > ? AND ended_at IS NULL
       AND (families.grant_id IS NULL OR grants.id IS NOT NULL)`,
  )

  const refreshes = engine.prepare(
    `SELECT spent_at / ${dayMs} AS day, count(*) FROM (
       SELECT spent_at FROM families JOIN generations ON generations.family_id = families.id
       WHERE families.client_id = ?1 AND spent_at >= ?2
         AND EXISTS (SELECT 1 FROM apps WHERE apps.client_id = ?1 AND owner_id = ?3)
       LIMIT ?4) GROUP BY day ORDER BY day`,
  )
  const expired = engine.prepare(
    `SELECT 1 FROM generations WHERE access_hash = ? AND access_expires_at <= ? AND access_expires_at > ${revokedAt}`,
  )
  const insert = (tokens: NewTokens, familyId: number, scopes: number, now: number) =>
    generation.run(
      tokens.accessHash,
      tokens.refreshHash,
      familyId,
      scopes,
      now,
      tokens.accessExpiresAt,
      tokens.refreshExpiresAt,
    )

  return {
    redeemCode: ({ codeHash, clientId, revision, redirectUri, expected, tokens, now }) =>
      engine.write(() => {
        const row = findCode.get(codeHash)
        if (!row) return { _tag: 'Unknown' }
        const [owner, address, challenge, method, expiresAt, usedAt, family, granted, person, endedAt, grant] = row
        const familyId = family as number
        const personId = person as number
        const part =
          owner !== clientId
            ? 'client'
            : address !== redirectUri
              ? 'redirect_uri'
              : challenge !== expected[method as 'S256' | 'plain'] || challenge === ''
                ? 'code_verifier'
                : undefined
        // Before anything is said or done to it: by what has changed since, the app may not be who calls.
        if (owner === clientId && row[12] !== revision) return { _tag: 'Stale' }
        if (usedAt !== null) {
          if (part === undefined && now - (usedAt as number) <= replayWindow) return { _tag: 'Repeated' }
          const ended = endFamily.run(now, familyId)
          const detail = { reason: part ?? 'late' }
          if (ended > 0)
            note({ at: now, kind: 'code-reused', clientId: owner as string, personId, actorId: null, detail })
          return { _tag: 'Reused' }
        }
        if (part !== undefined) {
          useCode.run(now, codeHash)
          endFamily.run(now, familyId)
          note({
            at: now,
            kind: 'refused',
            clientId: owner as string,
            personId,
            actorId: null,
            detail: { reason: part },
          })
          return { _tag: 'Mismatched', part }
        }
        if (now >= (expiresAt as number)) return { _tag: 'Expired' }
        if (endedAt !== null || grant === null) return { _tag: 'Ended' }
        const scopes = (granted as number) & (row[11] as number)
        useCode.run(now, codeHash)
        insert(tokens, familyId, scopes, now)
        used.run(now, grant as number)
        note({ at: now, kind: 'signed-in', clientId, personId, actorId: null, detail: { scopes: String(scopes) } })
        return { _tag: 'Redeemed', scopes, personId }
      }),

    rotateRefreshToken: ({
      refreshHash,
      clientId,
      revision,
      narrowTo,
      accessBeforeUntil,
      salt,
      tokens,
      graceless,
      familyLifetime,
      now,
    }) =>
      engine.write(() => {
        const row = findRefresh.get(refreshHash)
        if (!row) return { _tag: 'Unknown' }
        const [owner, expiresAt, spentAt, keptSalt, nextScopes, family, granted, person, endedAt, grant] = row
        const familyId = family as number
        const personId = person as number
        if (owner !== clientId) return { _tag: 'WrongClient' }
        // Before anything is said or done to it: by what has changed since, the app may not be who calls.
        if (row[11] !== revision) return { _tag: 'Stale' }
        if (endedAt !== null || grant === null) return { _tag: 'Ended' }
        if (spentAt !== null) {
          if (graceless) return { _tag: 'Unknown' }
          if (keptSalt !== null && now - (spentAt as number) <= replayWindow)
            return {
              _tag: 'Replayed',
              salt: keptSalt as Uint8Array,
              scopes: nextScopes as number,
              spentAt: spentAt as number,
            }
          endFamily.run(now, familyId)
          note({ at: now, kind: 'token-reused', clientId, personId, actorId: null, detail: {} })
          return { _tag: 'Reused' }
        }
        if (now >= (expiresAt as number)) return { _tag: 'Expired' }
        if (narrowTo !== null && !covers(granted as number, narrowTo)) return { _tag: 'TooWide' }
        const scopes = (narrowTo ?? (granted as number)) & (row[10] as number)
        const familyEnd = (row[12] as number) + familyLifetime
        spend.run(now, salt, scopes, accessBeforeUntil ?? Number.MAX_SAFE_INTEGER, refreshHash)
        insert({ ...tokens, refreshExpiresAt: Math.min(tokens.refreshExpiresAt, familyEnd) }, familyId, scopes, now)
        if (now - ((row[13] as number | null) ?? 0) > usedResolution) used.run(now, grant as number)
        return { _tag: 'Rotated', scopes, personId }
      }),

    issueToClient: ({ clientId, revision, scopes, accessHash, expiresAt, now }) =>
      engine.write(() => {
        const family = clientFamily.get(scopes, now, clientId, revision)
        if (!family) return { _tag: 'Stale' }
        generation.run(accessHash, null, family[0] as number, scopes, now, expiresAt, null)
        return { _tag: 'Issued' }
      }),

    revoke: ({ hash, by, now }) =>
      engine.write(() => {
        const row = findAny.get(hash)
        if (!row) return { _tag: 'NotFound' }
        const [familyId, clientId, personId, isRefresh] = row
        if (by._tag === 'Client' ? by.clientId !== clientId : by.personId !== personId) return { _tag: 'NotFound' }
        if (isRefresh === 1) endFamily.run(now, familyId as number)
        else endAccess.run(hash)
        const detail = { token: isRefresh === 1 ? 'refresh' : 'access', by: by._tag.toLowerCase() }
        const event = { clientId: clientId as string, personId: personId as number, actorId: null, detail }
        note({ at: now, kind: 'token-revoked', ...event })
        return { _tag: 'Revoked' }
      }),

    refreshesOf: ({ clientId, ownerId, since, most }) =>
      engine.read(() =>
        refreshes
          .all(clientId, since, ownerId, most)
          .map((row) => ({ day: (row[0] as number) * dayMs, refreshes: row[1] as number })),
      ),
    hasExpired: (accessHash, now) => engine.read(() => expired.get(accessHash, now) !== undefined),

    find: (accessHash, now) =>
      engine.look((): LiveToken | null => {
        const row = findAccess.get(accessHash, now)
        return row ? liveTokenOf(row) : null
      }),
  }
}
