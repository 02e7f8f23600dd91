/** A storage whose every operation takes a while to be asked and a while to answer, so that callers overlap. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Storage, StorageSource } from '../../src/index.ts'

type Operation = (...input: readonly unknown[]) => Promise<unknown>

export const withLatency = (source: StorageSource, leastMs = 2, mostMs = 20): StorageSource => {
  const pause = () => wait(leastMs + Math.random() * (mostMs - leastMs))
  const slow =
    (operation: Operation): Operation =>
    async (...input) => {
      await pause()
      const result = await operation(...input)
      await pause()
      return result
    }
  const group = (operations: object) =>
    Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, slow(operation as Operation)]))
  return {
    open: async () => {
      const storage = await source.open()
      return Object.fromEntries(
        Object.entries(storage).map(([name, operations]) => [name, group(operations as object)]),
      ) as unknown as Storage
    },
  }
}
