import type { Row } from '../rows/row.ts'
import type { Upkeep } from '../storage/storage.ts'
import type { Engine } from './engine.ts'
import { tables } from './schema.ts'

export const upkeep = (engine: Engine): Upkeep => {
  const salt = engine.prepare("SELECT value FROM installation WHERE name = 'pairwise'")
  const ping = engine.prepare('SELECT 1')
  const sweep = engine.prepare('SELECT civitai_sweep($1, $2)')
  const wipe = engine.prepare(`TRUNCATE ${tables} RESTART IDENTITY`)
  return {
    pairwiseSalt: async () => ((await salt.get()) as Row)[0] as Uint8Array,
    ping: async () => void (await ping.get()),
    sweep: async (now, batch) => ((await sweep.get(now, batch)) as Row)[0] as number,
    wipe: async () => void (await wipe.run()),
    close: () => engine.close(),
  }
}
