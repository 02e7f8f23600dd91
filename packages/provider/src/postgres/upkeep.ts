import type { Row } from '../rows/row.ts'
import type { Upkeep } from '../storage/storage.ts'
import type { Engine } from './engine.ts'

export const upkeep = (engine: Engine): Upkeep => {
  const salt = engine.prepare("SELECT value FROM installation WHERE name = 'pairwise'")
  const ping = engine.prepare('SELECT 1')
  const sweep = engine.prepare('SELECT total, grants_to, families_to FROM civitai_sweep($1, $2, $3, $4)')
  const wipe = engine.prepare('SELECT civitai_wipe()')
  /** How far the walk came; at the end it begins again. */
  let reached = { grants: 0, families: 0 }
  return {
    pairwiseSalt: async () => ((await salt.get()) as Row)[0] as Uint8Array,
    ping: async () => void (await ping.get()),
    sweep: async (now, batch) => {
      const [swept, grants, families] = (await sweep.get(now, batch, reached.grants, reached.families)) as Row
      reached = { grants: grants as number, families: families as number }
      return swept as number
    },
    wipe: async () => void (await wipe.run()),
    close: () => engine.close(),
  }
}
