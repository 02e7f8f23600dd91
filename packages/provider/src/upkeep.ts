/** Clean-up while the server runs: a bounded batch now and then, and at once again while there is much to do. */
import type { Clock } from './clock.ts'
import type { Storage } from './storage/storage.ts'

const restMs = 10_000
const busyMs = 50
const batch = 500

export const upkeepOf = (storage: Storage, clock: Clock, failed: (failure: unknown) => void): { stop(): void } => {
  let stopped = false
  let timer: NodeJS.Timeout
  const later = (ms: number) => {
    if (stopped) return
    timer = setTimeout(run, ms)
    timer.unref()
  }
  const run = () => {
    storage.upkeep.sweep(clock.now(), batch).then(
      (swept) => later(swept >= batch ? busyMs : restMs),
      (failure: unknown) => {
        if (!stopped) failed(failure)
        later(restMs)
      },
    )
  }
  later(restMs)
  return {
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}
