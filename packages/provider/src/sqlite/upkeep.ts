import type { Row } from '../rows/row.ts'
import type { Upkeep } from '../storage/storage.ts'
import { replayWindow } from '../storage/tokens.ts'
import type { Engine } from './engine.ts'
import { tables } from './schema.ts'

const usedCodeMemory = 7 * 86_400_000

export const upkeep = (engine: Engine): Upkeep => {
  const ping = engine.prepare('SELECT 1 FROM people LIMIT 1')
  const bounded = (table: string, key: string, where: string) =>
    engine.prepare(`DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${where} LIMIT ?)`)
  const salts = engine.prepare(
    `UPDATE generations SET salt = NULL WHERE access_hash IN
       (SELECT access_hash FROM generations WHERE salt IS NOT NULL AND spent_at < ? LIMIT ?)`,
  )
  const sessions = bounded('sessions', 'id_hash', 'expires_at <= ?')
  const requests = bounded('requests', 'id_hash', 'expires_at <= ?')
  const devices = bounded('devices', 'code_hash', 'expires_at <= ?')
  // A used code is remembered for a week, and a spent refresh token as long as it would have lived: that is how a
  // second use is told from a made-up one.
  const codes = bounded('codes', 'hash', 'expires_at <= ?')
  const generations = bounded('generations', 'access_hash', 'coalesce(refresh_expires_at, access_expires_at) <= ?')

  // What a removal or a deletion left behind is found by walking the grants and the sign-ins, a stretch at a time.
  const stretch = (table: string) =>
    engine.prepare(`SELECT max(id) FROM (SELECT id FROM ${table} WHERE id > ? ORDER BY id LIMIT ?)`)
  const walks = { grants: stretch('grants'), families: stretch('families') }
  const grants = engine.prepare(
    `DELETE FROM grants WHERE id > ? AND id <= ?
       AND NOT EXISTS (SELECT 1 FROM apps WHERE apps.client_id = grants.client_id)`,
  )
  const orphans = engine.prepare(
    `DELETE FROM generations WHERE access_hash IN (
       SELECT access_hash FROM families JOIN generations ON family_id = families.id
       WHERE families.id > ? AND families.id <= ?
         AND (NOT EXISTS (SELECT 1 FROM apps WHERE apps.client_id = families.client_id)
           OR (grant_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM grants WHERE grants.id = grant_id)))
       LIMIT ?)`,
  )
  const families = engine.prepare(
    `DELETE FROM families WHERE id > ? AND id <= ?
       AND NOT EXISTS (SELECT 1 FROM generations WHERE family_id = families.id)
       AND NOT EXISTS (SELECT 1 FROM codes WHERE codes.family_id = families.id)`,
  )
  const reached = { grants: 0, families: 0 }
  /** The ids of the next stretch; at the end it begins again. */
  const next = (table: keyof typeof walks, batch: number): readonly [from: number, to: number] => {
    const from = reached[table]
    const to = (walks[table].get(from, batch) as Row)[0] as number | null
    reached[table] = to ?? 0
    return [from, to ?? from]
  }

  const empty = [...tables, 'sqlite_sequence'].map((table) => engine.prepare(`DELETE FROM ${table}`))
  const salt = engine.prepare("SELECT value FROM installation WHERE name = 'pairwise'")
  return {
    pairwiseSalt: () => engine.read(() => (salt.get() as Row)[0] as Uint8Array),
    ping: () => engine.read(() => void ping.get()),
    sweep: (now, batch) =>
      engine.write(() => {
        const stretchOfFamilies = next('families', batch)
        return (
          salts.run(now - replayWindow, batch) +
          sessions.run(now, batch) +
          requests.run(now, batch) +
          devices.run(now, batch) +
          codes.run(now - usedCodeMemory, batch) +
          generations.run(now, batch) +
          grants.run(...next('grants', batch)) +
          orphans.run(...stretchOfFamilies, batch) +
          families.run(...stretchOfFamilies)
        )
      }),
    wipe: () => engine.write(() => empty.forEach((statement) => statement.run())),
    close: () => engine.close(),
  }
}
