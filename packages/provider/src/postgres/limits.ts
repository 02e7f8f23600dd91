import type { Row } from '../rows/row.ts'
import type { LimitStorage, LimitWindow } from '../storage/limits.ts'
import type { Engine } from './engine.ts'

/** Windows that end later than this can be the clock of none of us: the clock was turned back. Milliseconds. */
const skew = 30_000

export const limitStorage = (engine: Engine): LimitStorage => {
  const hit = engine.prepare(
    `INSERT INTO rate_windows AS w (key, count, ends_at) VALUES ($1, 1, $3::bigint + $2::bigint)
     ON CONFLICT (key) DO UPDATE SET
       count = CASE WHEN w.ends_at <= $3 OR w.ends_at > $3::bigint + $2::bigint + ${skew} THEN 1 ELSE w.count + 1 END,
       ends_at = CASE WHEN w.ends_at <= $3 OR w.ends_at > $3::bigint + $2::bigint + ${skew} THEN excluded.ends_at ELSE w.ends_at END
     RETURNING count, ends_at`,
  )
  const look = engine.prepare(
    `SELECT count, ends_at FROM rate_windows
     WHERE key = $1 AND ends_at > $3 AND ends_at <= $3::bigint + $2::bigint + ${skew}`,
  )
  const windowOf = ([count, endsAt]: Row): LimitWindow => ({ count: count as number, endsAt: endsAt as number })
  return {
    hit: async (key, windowMs, now) => windowOf((await hit.get(key, windowMs, now)) as Row),
    look: async (key, windowMs, now) => {
      const row = await look.get(key, windowMs, now)
      return row ? windowOf(row) : null
    },
  }
}
