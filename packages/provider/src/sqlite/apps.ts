import { appColumns, appOf, appWidth } from '../rows/app.ts'
import type { Row } from '../rows/row.ts'
import type { AppStorage, ChangeSecretResult, KeptApp, SecretStorage, SeenSecrets } from '../storage/apps.ts'
import type { Engine } from './engine.ts'
import { noteOf } from './audit.ts'

/** Grants of an app, and the tokens of its people that are good now. */
const countsOf = (clientId: string) => `
  (SELECT count(*) FROM grants WHERE grants.client_id = ${clientId}),
  (SELECT coalesce(sum((access_expires_at > ?) + (refresh_hash IS NOT NULL AND spent_at IS NULL AND refresh_expires_at > ?)), 0)
   FROM families JOIN generations ON generations.family_id = families.id
   WHERE families.client_id = ${clientId} AND ended_at IS NULL
     AND (grant_id IS NULL OR EXISTS (SELECT 1 FROM grants WHERE grants.id = grant_id)))`

export const appStorage = (engine: Engine): AppStorage => {
  const note = noteOf(engine)
  const find = engine.prepare(`SELECT ${appColumns} FROM apps WHERE client_id = ?`)
  const insert = engine.prepare(
    `INSERT INTO apps (client_id, dialect, name, description, redirect_uris, scopes, reach, type, verified, trusted, owner_id,
       created_at, updated_at, version, revision, secret_hash, secret_created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, ?, ?) RETURNING ${appColumns}`,
  )
  // An id may have been another app's, where it is not drawn anew: nothing of that one comes back with this.
  const forgetGrants = engine.prepare('DELETE FROM grants WHERE client_id = ?')
  const endFamilies = engine.prepare('UPDATE families SET ended_at = ? WHERE client_id = ? AND ended_at IS NULL')
  const edit = engine.prepare(
    `UPDATE apps SET name = ?, description = ?, redirect_uris = ?, scopes = ?, reach = ?, updated_at = ?,
       version = version + 1, revision = revision + 1
     WHERE client_id = ? AND owner_id = ? AND version = ? RETURNING ${appColumns}`,
  )
  const mark = engine.prepare(
    `UPDATE apps SET verified = coalesce(?, verified), trusted = coalesce(?, trusted), revision = revision + 1
     WHERE client_id = ? RETURNING ${appColumns}`,
  )
  const count = engine.prepare(`SELECT ${countsOf('?')}`)
  const remove = engine.prepare('DELETE FROM apps WHERE client_id = ?')
  const matching = `owner_id = ? AND (? = '' OR instr(lower(name), lower(?)) > 0 OR client_id = ?)`
  const list = engine.prepare(
    `SELECT ${appColumns}, ${countsOf('apps.client_id')} FROM apps
     WHERE ${matching} AND id < coalesce((SELECT id FROM apps WHERE client_id = ?), 9007199254740991)
     ORDER BY id DESC LIMIT ?`,
  )
  const total = engine.prepare(`SELECT count(*) FROM apps WHERE ${matching}`)
  const owned = (clientId: string, ownerId: number): KeptApp | undefined => {
    const row = find.get(clientId)
    const app = row && appOf(row)
    return app && app.ownerId === ownerId ? app : undefined
  }
  const counts = (clientId: string, now: number) => {
    const row = count.get(clientId, now, now, clientId) as Row
    return { people: row[0] as number, liveTokens: row[1] as number }
  }

  return {
    register: (app, now) =>
      engine.write(() => {
        forgetGrants.run(app.clientId)
        endFamilies.run(now, app.clientId)
        const row = insert.get(
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
          now,
          app.secretHash,
          app.secretHash && now,
        ) as Row
        const { clientId, ownerId: personId } = app
        note({ at: now, kind: 'app-registered', clientId, personId, actorId: null, detail: { name: app.name } })
        return appOf(row)
      }),
    edit: (clientId, ownerId, version, { name, description, redirectUris, scopes, reach }, now) =>
      engine.write(() => {
        const uris = JSON.stringify(redirectUris)
        const row = edit.get(name, description, uris, scopes, reach, now, clientId, ownerId, version)
        if (!row) {
          const app = owned(clientId, ownerId)
          return app ? { _tag: 'Conflict', app } : { _tag: 'NotFound' }
        }
        note({ at: now, kind: 'app-edited', clientId, personId: ownerId, actorId: null, detail: { name } })
        return { _tag: 'Edited', app: appOf(row) }
      }),
    delete: (clientId, ownerId, now) =>
      engine.write(() => {
        const app = owned(clientId, ownerId)
        if (!app) return { _tag: 'NotFound' }
        const { people, liveTokens: tokens } = counts(clientId, now)
        const detail = { name: app.name, people: String(people), tokens: String(tokens) }
        note({ at: now, kind: 'app-deleted', clientId, personId: ownerId, actorId: null, detail })
        remove.run(clientId)
        return { _tag: 'Deleted', people, tokens }
      }),
    mark: (clientId, { verified, trusted }, actorId, now) =>
      engine.write(() => {
        const flag = (value: boolean | undefined) => (value === undefined ? null : Number(value))
        const row = mark.get(flag(verified), flag(trusted), clientId)
        if (!row) return null
        const app = appOf(row)
        const on = verified ?? trusted
        const detail = { flag: verified === undefined ? 'trusted' : 'verified' }
        const kind = on ? 'app-verified' : 'app-unverified'
        note({ at: now, kind, clientId, personId: app.ownerId, actorId, detail })
        return app
      }),
    find: (clientId) =>
      engine.read(() => {
        const row = find.get(clientId)
        return row ? appOf(row) : null
      }),
    list: (ownerId, { query, after, limit }, now) =>
      engine.read(() => {
        const rows = list.all(now, now, ownerId, query, query, query, after, limit + 1)
        return {
          apps: rows.slice(0, limit).map((row) => ({
            ...appOf(row),
            people: row[appWidth] as number,
            liveTokens: row[appWidth + 1] as number,
          })),
          total: (total.get(ownerId, query, query, query) as Row)[0] as number,
          more: rows.length > limit,
        }
      }),
    count: (clientId, now) => engine.read(() => counts(clientId, now)),
  }
}

export const secretStorage = (engine: Engine): SecretStorage => {
  const note = noteOf(engine)
  const find = engine.prepare(`SELECT ${appColumns} FROM apps WHERE client_id = ? AND owner_id = ?`)
  const change = (set: string) =>
    engine.prepare(`UPDATE apps SET ${set}, revision = revision + 1 WHERE client_id = ? RETURNING ${appColumns}`)
  const prepare = change('next_hash = ?, next_created_at = ?, next_used_at = NULL')
  const promote = change(
    `secret_hash = next_hash, secret_created_at = next_created_at, secret_used_at = next_used_at,
     next_hash = NULL, next_created_at = NULL, next_used_at = NULL`,
  )
  const replace = change('secret_hash = ?, secret_created_at = ?, secret_used_at = NULL')
  const touchCurrent = engine.prepare('UPDATE apps SET secret_used_at = ? WHERE client_id = ? AND secret_hash = ?')
  const touchNext = engine.prepare('UPDATE apps SET next_used_at = ? WHERE client_id = ? AND next_hash = ?')

  const changing = (
    clientId: string,
    ownerId: number,
    seen: SeenSecrets,
    work: (app: KeptApp) => { readonly row: Row; readonly promoted: boolean },
  ): Promise<ChangeSecretResult> =>
    engine.write(() => {
      const row = find.get(clientId, ownerId)
      if (!row) return { _tag: 'NotFound' }
      const app = appOf(row)
      if (app.type !== 'confidential') return { _tag: 'NotConfidential' }
      if ((app.secret?.createdAt ?? null) !== seen.current || (app.nextSecret?.createdAt ?? null) !== seen.next)
        return { _tag: 'Conflict', app }
      const changed = work(app)
      return { _tag: 'Changed', app: appOf(changed.row), promoted: changed.promoted }
    })

  return {
    prepare: (clientId, ownerId, seen, hash, now) =>
      changing(clientId, ownerId, seen, () => {
        note({ at: now, kind: 'secret-prepared', clientId, personId: ownerId, actorId: null, detail: {} })
        return { row: prepare.get(hash, now, clientId) as Row, promoted: false }
      }),
    rotate: (clientId, ownerId, seen, hash, now) =>
      changing(clientId, ownerId, seen, ({ nextSecret }) => {
        const promoted = nextSecret !== null
        const detail = { prepared: promoted ? 'yes' : 'no' }
        note({ at: now, kind: 'secret-rotated', clientId, personId: ownerId, actorId: null, detail })
        return { row: (promoted ? promote.get(clientId) : replace.get(hash, now, clientId)) as Row, promoted }
      }),
    touch: (clientId, hash, now) =>
      engine.write(() => {
        touchCurrent.run(now, clientId, hash)
        touchNext.run(now, clientId, hash)
      }),
  }
}
