import { appColumns, appOf, appWidth } from '../rows/app.ts'
import { requestOf, verificationColumns as columns } from '../rows/verification.ts'
import type { VerificationStorage } from '../storage/verification.ts'
import type { Engine } from './engine.ts'

export const verificationStorage = (engine: Engine): VerificationStorage => {
  const ask = engine.prepare('SELECT civitai_ask_verification($1, $2, $3, $4, $5)')
  const find = engine.prepare(`SELECT ${columns} FROM verifications WHERE client_id = $1`)
  const queue = engine.prepare(
    `SELECT ${appColumns}, ${columns} FROM verifications JOIN apps ON apps.client_id = verifications.client_id
     WHERE decided_at IS NULL AND (asked_at, verifications.client_id) > ($1::bigint, $2)
     ORDER BY asked_at, verifications.client_id LIMIT $3`,
  )
  const flag = (name: 'verified' | 'trusted') =>
    engine.prepare(
      `WITH changed AS (UPDATE apps SET ${name} = $2, revision = revision + 1 WHERE client_id = $1 RETURNING *),
       answered AS (
         UPDATE verifications SET decided_at = $5, verified = $2, reason = $3
         WHERE client_id = $1 AND decided_at IS NULL AND '${name}' = 'verified'
       ), event AS (
         INSERT INTO audit (at, kind, client_id, owner_id, person_id, actor_id, detail)
         SELECT $5, CASE WHEN $2 = 1 THEN 'app-verified' ELSE 'app-unverified' END, client_id, owner_id, owner_id,
           $4::bigint, json_build_object('flag', '${name}', 'reason', $3::text)::text FROM changed
       )
       SELECT ${appColumns.replaceAll('apps.', '')} FROM changed`,
    )
  const flags = { verified: flag('verified'), trusted: flag('trusted') }
  const search = engine.prepare(
    `SELECT ${appColumns}, people.username FROM apps JOIN people ON people.id = apps.owner_id
     WHERE ($1 = '' OR strpos(lower(name), lower($1)) > 0 OR client_id = $1 OR strpos(lower(username), lower($1)) > 0)
       AND apps.id < coalesce((SELECT id FROM apps WHERE client_id = $2), 9007199254740991)
     ORDER BY apps.id DESC LIMIT $3`,
  )
  return {
    ask: async (clientId, ownerId, { note, links }, now) => ({
      _tag: (await ask.get(clientId, ownerId, note, JSON.stringify(links), now))?.[0] as 'Asked',
    }),
    find: async (clientId) => {
      const row = await find.get(clientId)
      return row ? requestOf(row) : null
    },
    queue: async ({ after, limit }) =>
      (await queue.all(after?.askedAt ?? -1, after?.clientId ?? '', limit)).map((row) => ({
        app: appOf(row),
        request: requestOf(row, appWidth),
      })),
    decide: async (clientId, { flag: name, on, reason }, staffId, now) => {
      const row = await flags[name].get(clientId, Number(on), reason, staffId, now)
      return row ? appOf(row) : null
    },
    search: async (query, { after, limit }) =>
      (await search.all(query, after, limit)).map((row) => ({ app: appOf(row), owner: row[appWidth] as string })),
  }
}
