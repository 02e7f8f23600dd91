import type { Row } from '../rows/row.ts'
import type { Engine } from './engine.ts'
import { replayWindow } from '../storage/tokens.ts'
import type { Upkeep } from '../storage/storage.ts'
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
  const grants = bounded('grants', 'id', 'NOT EXISTS (SELECT 1 FROM apps WHERE apps.client_id = grants.client_id)')
  // A used code is remembered for a week, and a spent refresh token as long as it would have lived: that is how a
  // second use is told from a made-up one.
  const codes = bounded('codes', 'hash', 'expires_at <= ?')
  const generations = bounded(
    'generations',
    'access_hash',
    `(access_expires_at <= ?1 AND coalesce(refresh_expires_at, 0) <= ?1)
     OR NOT EXISTS (SELECT 1 FROM families JOIN apps ON apps.client_id = families.client_id
                    WHERE families.id = generations.family_id
                      AND (grant_id IS NULL OR EXISTS (SELECT 1 FROM grants WHERE grants.id = grant_id)))`,
  )
  const families = bounded(
    'families',
    'id',
    `NOT EXISTS (SELECT 1 FROM generations WHERE family_id = families.id)
     AND NOT EXISTS (SELECT 1 FROM codes WHERE codes.family_id = families.id)`,
  )
  const empty = [...tables, 'sqlite_sequence'].map((table) => engine.prepare(`DELETE FROM ${table}`))
  const salt = engine.prepare("SELECT value FROM installation WHERE name = 'pairwise'")
  return {
    pairwiseSalt: () => engine.read(() => (salt.get() as Row)[0] as Uint8Array),
    ping: () => engine.read(() => void ping.get()),
    sweep: (now, batch) =>
      engine.write(
        () =>
          salts.run(now - replayWindow, batch) +
          sessions.run(now, batch) +
          requests.run(now, batch) +
          devices.run(now, batch) +
          grants.run(batch) +
          codes.run(now - usedCodeMemory, batch) +
          generations.run(now, batch) +
          families.run(batch),
      ),
    wipe: () => engine.write(() => empty.forEach((statement) => statement.run())),
    close: () => engine.close(),
  }
}
