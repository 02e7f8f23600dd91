import type { DeviceStorage } from '../storage/devices.ts'
import type { Engine } from './engine.ts'

/** What `slow_down` adds to the interval: RFC 8628 section 3.5. Seconds. */
const slowDown = 5

export const deviceStorage = (engine: Engine): DeviceStorage => {
  const insert = engine.prepare(
    `INSERT INTO devices (code_hash, user_code_hash, client_id, requested, expires_at, interval)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const find = engine.prepare(
    `SELECT client_id, requested, code_hash FROM devices
     WHERE user_code_hash = ? AND expires_at > ? AND approved IS NULL`,
  )
  const state = engine.prepare(
    'SELECT client_id, expires_at, approved, polled_at, interval FROM devices WHERE code_hash = ?',
  )
  const polled = engine.prepare('UPDATE devices SET polled_at = ?, interval = interval + ? WHERE code_hash = ?')
  return {
    begin: (device) =>
      engine.write(
        () =>
          void insert.run(
            device.codeHash,
            device.userCodeHash,
            device.clientId,
            device.requested,
            device.expiresAt,
            device.interval,
          ),
      ),
    find: (userCodeHash, now) =>
      engine.read(() => {
        const row = find.get(userCodeHash, now)
        if (!row) return null
        return { clientId: row[0] as string, requested: row[1] as number, codeHash: row[2] as Uint8Array }
      }),
    poll: (codeHash, clientId, now) =>
      engine.write(() => {
        const row = state.get(codeHash)
        if (!row || row[0] !== clientId) return { _tag: 'Unknown' }
        if (row[2] !== null) return { _tag: row[2] === 1 ? 'Approved' : 'Denied' }
        if (now >= (row[1] as number)) return { _tag: 'Expired' }
        // What another process wrote down by a clock that runs ahead tells nothing.
        const since = row[3] === null ? -1 : now - (row[3] as number)
        const tooSoon = since >= 0 && since < (row[4] as number) * 1000
        polled.run(now, tooSoon ? slowDown : 0, codeHash)
        return { _tag: tooSoon ? 'TooSoon' : 'Waiting' }
      }),
  }
}
