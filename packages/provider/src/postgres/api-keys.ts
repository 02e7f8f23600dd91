import { keyColumns as columns, keyOf } from '../rows/api-key.ts'
import { personColumns, personOf } from '../rows/person.ts'
import type { Row } from '../rows/row.ts'
import type { ApiKeyStorage } from '../storage/api-keys.ts'
import type { Engine } from './engine.ts'

export const apiKeyStorage = (engine: Engine): ApiKeyStorage => {
  const event = (kind: string, at: string) =>
    `civitai_note(${at}, '${kind}', NULL, person_id, NULL, json_build_object('name', name)::text)`
  const create = engine.prepare(
    `WITH made AS (
       INSERT INTO api_keys (person_id, name, hint, hash, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING *
     ) SELECT ${columns}, ${event('api-key-created', '$5')} FROM made`,
  )
  const list = engine.prepare(`SELECT ${columns} FROM api_keys WHERE person_id = $1 ORDER BY id DESC LIMIT 500`)
  const remove = engine.prepare(
    `WITH gone AS (DELETE FROM api_keys WHERE person_id = $1 AND id = $2 RETURNING person_id, name)
     SELECT ${event('api-key-deleted', '$3')} FROM gone`,
  )
  const owned = engine.prepare('SELECT 1 FROM api_keys WHERE person_id = $1 AND hash = $2')
  const use = engine.prepare(
    `WITH used AS (
       UPDATE api_keys SET last_used_at = $2 WHERE hash = $1 AND $2 - coalesce(last_used_at, 0) > 60000
     )
     SELECT ${personColumns('people')} FROM api_keys JOIN people ON people.id = api_keys.person_id WHERE hash = $1`,
  )
  return {
    create: async ({ personId, name, hint, hash }, now) =>
      keyOf((await create.get(personId, name, hint, hash, now)) as Row),
    list: async (personId) => (await list.all(personId)).map(keyOf),
    delete: async (personId, id, now) => ({ _tag: (await remove.get(personId, id, now)) ? 'Deleted' : 'NotFound' }),
    isOf: async (personId, hash) => (await owned.get(personId, hash)) !== undefined,
    use: async (hash, now) => {
      const row = await use.get(hash, now)
      return row ? personOf(row) : null
    },
  }
}
