import { keyColumns as columns, keyOf } from '../rows/api-key.ts'
import { personColumns, personOf } from '../rows/person.ts'
import type { Row } from '../rows/row.ts'
import type { ApiKeyStorage } from '../storage/api-keys.ts'
import type { Engine } from './engine.ts'
import { noteOf } from './audit.ts'

const usedResolution = 60_000

export const apiKeyStorage = (engine: Engine): ApiKeyStorage => {
  const note = noteOf(engine)
  const insert = engine.prepare(
    `INSERT INTO api_keys (person_id, name, hint, hash, created_at) VALUES (?, ?, ?, ?, ?) RETURNING ${columns}`,
  )
  const list = engine.prepare(`SELECT ${columns} FROM api_keys WHERE person_id = ? ORDER BY id DESC LIMIT 500`)
  const remove = engine.prepare('DELETE FROM api_keys WHERE person_id = ? AND id = ? RETURNING name')
  const find = engine.prepare(
    `SELECT ${personColumns('people')}, last_used_at
     FROM api_keys JOIN people ON people.id = api_keys.person_id WHERE hash = ?`,
  )
  const owned = engine.prepare('SELECT 1 FROM api_keys WHERE person_id = ? AND hash = ?')
  const used = engine.prepare('UPDATE api_keys SET last_used_at = ? WHERE hash = ?')
  const event = (personId: number, name: string) => ({ clientId: null, personId, actorId: null, detail: { name } })
  return {
    create: ({ personId, name, hint, hash }, now) =>
      engine.write(() => {
        note({ at: now, kind: 'api-key-created', ...event(personId, name) })
        return keyOf(insert.get(personId, name, hint, hash, now) as Row)
      }),
    list: (personId) => engine.read(() => list.all(personId).map(keyOf)),
    delete: (personId, id, now) =>
      engine.write(() => {
        const row = remove.get(personId, id)
        if (!row) return { _tag: 'NotFound' }
        note({ at: now, kind: 'api-key-deleted', ...event(personId, row[0] as string) })
        return { _tag: 'Deleted' }
      }),
    isOf: (personId, hash) => engine.read(() => owned.get(personId, hash) !== undefined),
    use: async (hash, now) => {
      const row = await engine.read(() => find.get(hash))
      if (!row) return null
      if (now - ((row[7] as number | null) ?? 0) > usedResolution) await engine.write(() => void used.run(now, hash))
      return personOf(row)
    },
  }
}
