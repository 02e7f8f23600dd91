import { appColumns, appOf, appWidth } from '../rows/app.ts'
import type { Row } from '../rows/row.ts'
import type { AppStorage, ChangeSecretResult, KeptApp, SecretStorage, SeenSecrets } from '../storage/apps.ts'
import type { Engine, Statement } from './engine.ts'

/** A statement that also writes an event, about the app it changed, in the same breath. */
const noted = (change: string, kind: string, actor: string, detail: string, at: string, before = ''): string => `
  WITH ${before}changed AS (${change}), event AS (
    INSERT INTO audit (at, kind, client_id, owner_id, person_id, actor_id, detail)
    SELECT ${at}, ${kind}, client_id, owner_id, owner_id, ${actor}, ${detail} FROM changed
  )
  SELECT ${appColumns.replaceAll('apps.', '')} FROM changed`

const nameOnly = `json_build_object('name', name)::text`

// An id may have been another app's, where it is not drawn anew: nothing of that one comes back with this.
const nothingBefore = `forgotten AS (DELETE FROM grants WHERE client_id = $1),
  ended AS (UPDATE families SET ended_at = $12::bigint WHERE client_id = $1 AND ended_at IS NULL), `

export const appStorage = (engine: Engine): AppStorage => {
  const find = engine.prepare(`SELECT ${appColumns} FROM apps WHERE client_id = $1`)
  const insert = engine.prepare(
    noted(
      `INSERT INTO apps (client_id, dialect, name, description, redirect_uris, scopes, reach, type, verified, trusted,
         owner_id, created_at, updated_at, version, revision, secret_hash, secret_created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, 1, 1, $13::bytea,
         CASE WHEN $13::bytea IS NULL THEN NULL ELSE $12::bigint END) RETURNING *`,
      `'app-registered'`,
      'NULL::bigint',
      nameOnly,
      '$12::bigint',
      nothingBefore,
    ),
  )
  const edit = engine.prepare(
    noted(
      `UPDATE apps SET name = $1, description = $2, redirect_uris = $3, scopes = $4, reach = $5, updated_at = $6,
         version = version + 1, revision = revision + 1
       WHERE client_id = $7 AND owner_id = $8 AND version = $9 RETURNING *`,
      `'app-edited'`,
      'NULL::bigint',
      nameOnly,
      '$6::bigint',
    ),
  )
  const mark = engine.prepare(
    noted(
      `UPDATE apps SET verified = coalesce($1::smallint, verified), trusted = coalesce($2::smallint, trusted),
         revision = revision + 1 WHERE client_id = $3 RETURNING *`,
      `CASE WHEN coalesce($1::smallint, $2::smallint) = 1 THEN 'app-verified' ELSE 'app-unverified' END`,
      '$4::bigint',
      `json_build_object('flag', CASE WHEN $1::smallint IS NULL THEN 'trusted' ELSE 'verified' END)::text`,
      '$5::bigint',
    ),
  )
  const remove = engine.prepare('SELECT people, tokens FROM civitai_delete_app($1, $2, $3)')
  const count = engine.prepare('SELECT people, tokens FROM civitai_count($1, $2)')
  const matching = `owner_id = $1 AND ($2 = '' OR strpos(lower(name), lower($2)) > 0 OR client_id = $2)`
  const list = engine.prepare(
    `SELECT ${appColumns}, n.people, n.tokens FROM apps, LATERAL civitai_count(apps.client_id, $5) n
     WHERE ${matching} AND id < coalesce((SELECT id FROM apps WHERE client_id = $3), 9007199254740991)
     ORDER BY id DESC LIMIT $4`,
  )
  const total = engine.prepare(`SELECT count(*) FROM apps WHERE ${matching}`)
  const flag = (value: boolean | undefined) => (value === undefined ? null : Number(value))
  const counted = (row: Row, from: number) => ({ people: row[from] as number, liveTokens: row[from + 1] as number })

  return {
    register: async (app, now) =>
      appOf(
        (await insert.get(
          app.clientId,
          app.dialect,
          app.name,
          app.description,
          JSON.stringify(app.redirectUris),
          app.scopes,
          app.reach,
          app.type,
          Number(app.verified),
          Number(app.trusted),
          app.ownerId,
          now,
          app.secretHash,
        )) as Row,
      ),
    edit: async (clientId, ownerId, version, { name, description, redirectUris, scopes, reach }, now) => {
      const uris = JSON.stringify(redirectUris)
      const row = await edit.get(name, description, uris, scopes, reach, now, clientId, ownerId, version)
      if (row) return { _tag: 'Edited', app: appOf(row) }
      const standing = await find.get(clientId)
      const app = standing && appOf(standing)
      return app?.ownerId === ownerId ? { _tag: 'Conflict', app } : { _tag: 'NotFound' }
    },
    delete: async (clientId, ownerId, now) => {
      const row = await remove.get(clientId, ownerId, now)
      return row ? { _tag: 'Deleted', people: row[0] as number, tokens: row[1] as number } : { _tag: 'NotFound' }
    },
    mark: async (clientId, { verified, trusted }, actorId, now) => {
      const row = await mark.get(flag(verified), flag(trusted), clientId, actorId, now)
      return row ? appOf(row) : null
    },
    find: async (clientId) => {
      const row = await find.get(clientId)
      return row ? appOf(row) : null
    },
    list: async (ownerId, { query, after, limit }, now) => {
      const [rows, all] = await Promise.all([
        list.all(ownerId, query, after, limit + 1, now),
        total.get(ownerId, query),
      ])
      return {
        apps: rows.slice(0, limit).map((row) => ({ ...appOf(row), ...counted(row, appWidth) })),
        total: (all as Row)[0] as number,
        more: rows.length > limit,
      }
    },
    count: async (clientId, now) => counted((await count.get(clientId, now)) as Row, 0),
  }
}

export const secretStorage = (engine: Engine): SecretStorage => {
  const standing = engine.prepare(`SELECT ${appColumns} FROM apps WHERE client_id = $1 AND owner_id = $2`)
  const owned = `WHERE client_id = $1 AND owner_id = $2 AND type = 'confidential'
     AND secret_created_at IS NOT DISTINCT FROM $5::bigint AND next_created_at IS NOT DISTINCT FROM $6::bigint RETURNING *`
  const prepare = engine.prepare(
    noted(
      `UPDATE apps SET next_hash = $3, next_created_at = $4, next_used_at = NULL, revision = revision + 1 ${owned}`,
      `'secret-prepared'`,
      'NULL::bigint',
      `'{}'`,
      '$4::bigint',
    ),
  )
  // The right-hand sides are the row as it was: the next one takes the place of the current one, where there is one.
  const rotate = engine.prepare(
    noted(
      `UPDATE apps SET secret_hash = coalesce(next_hash, $3), secret_created_at = coalesce(next_created_at, $4),
         secret_used_at = CASE WHEN next_hash IS NULL THEN NULL ELSE next_used_at END,
         next_hash = NULL, next_created_at = NULL, next_used_at = NULL, revision = revision + 1 ${owned}`,
      `'secret-rotated'`,
      'NULL::bigint',
      `json_build_object('prepared', CASE WHEN secret_hash = $3 THEN 'no' ELSE 'yes' END)::text`,
      '$4::bigint',
    ),
  )
  const touch = engine.prepare(
    `UPDATE apps SET secret_used_at = CASE WHEN secret_hash = $2 THEN $3 ELSE secret_used_at END,
       next_used_at = CASE WHEN next_hash = $2 THEN $3 ELSE next_used_at END
     WHERE client_id = $1 AND (secret_hash = $2 OR next_hash = $2)`,
  )

  const changing = async (
    statement: Statement,
    clientId: string,
    ownerId: number,
    { current, next }: SeenSecrets,
    hash: Uint8Array,
    now: number,
  ): Promise<ChangeSecretResult> => {
    const row = await statement.get(clientId, ownerId, hash, now, current, next)
    if (!row) {
      const found = await standing.get(clientId, ownerId)
      if (!found) return { _tag: 'NotFound' }
      const app = appOf(found)
      return app.type === 'confidential' ? { _tag: 'Conflict', app } : { _tag: 'NotConfidential' }
    }
    const app: KeptApp = appOf(row)
    return { _tag: 'Changed', app, promoted: !Buffer.from(app.secret?.hash ?? []).equals(hash) }
  }

  return {
    prepare: async (clientId, ownerId, seen, hash, now) => {
      const changed = await changing(prepare, clientId, ownerId, seen, hash, now)
      return changed._tag === 'Changed' ? { ...changed, promoted: false } : changed
    },
    rotate: (clientId, ownerId, seen, hash, now) => changing(rotate, clientId, ownerId, seen, hash, now),
    touch: async (clientId, hash, now) => void (await touch.run(clientId, hash, now)),
  }
}
