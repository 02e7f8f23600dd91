import type { DeviceStorage, PollResult } from '../storage/devices.ts'
import type { Engine } from './engine.ts'

export const deviceStorage = (engine: Engine): DeviceStorage => {
  const insert = engine.prepare(
    `INSERT INTO devices (code_hash, user_code_hash, client_id, requested, expires_at, pace)
     VALUES ($1, $2, $3, $4, $5, $6)`,
  )
  const find = engine.prepare(
    `SELECT client_id, requested, code_hash FROM devices
     WHERE user_code_hash = $1 AND expires_at > $2 AND approved IS NULL`,
  )
  const poll = engine.prepare('SELECT civitai_poll_device($1, $2, $3)')
  return {
    begin: async ({ codeHash, userCodeHash, clientId, requested, expiresAt, interval }) =>
      void (await insert.run(codeHash, userCodeHash, clientId, requested, expiresAt, interval)),
    find: async (userCodeHash, now) => {
      const row = await find.get(userCodeHash, now)
      if (!row) return null
      return { clientId: row[0] as string, requested: row[1] as number, codeHash: row[2] as Uint8Array }
    },
    poll: async (codeHash, clientId, now) => ({
      _tag: (await poll.get(codeHash, clientId, now))?.[0] as PollResult['_tag'],
    }),
  }
}
