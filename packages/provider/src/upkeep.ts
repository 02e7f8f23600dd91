/** Clean-up while the server runs: a bounded batch now and then, never in the way of a request. */
import type { Clock } from './clock.ts'
import type { Storage } from './storage/storage.ts'

const everyMs = 10_000
const batch = 500

export const upkeepOf = (storage: Storage, clock: Clock, warn: (message: string) => void): { stop(): void } => {
  let running = false
  const timer = setInterval(() => {
    if (running) return
    running = true
    storage.upkeep
      .sweep(clock.now(), batch)
      .catch(() => warn('clean-up failed and will be tried again'))
      .finally(() => void (running = false))
  }, everyMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
