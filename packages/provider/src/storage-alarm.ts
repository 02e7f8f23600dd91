/** Says what kept the database from answering: once a minute for each cause, however many requests it failed. */
import type { Clock } from './clock.ts'
import type { Storage } from './storage/storage.ts'

const onceIn = 60_000

/** The engine's own word for it. Never its message, which may quote what was being written. */
const reasonOf = (failure: unknown): string => {
  const cause = (failure as { readonly cause?: unknown } | null)?.cause as
    | { readonly errstr?: string; readonly code?: string; readonly name?: string }
    | null
    | undefined
  return cause?.errstr ?? cause?.code ?? cause?.name ?? 'unknown'
}

export const storageAlarm = (clock: Clock, say: (reason: string) => void): ((failure: unknown) => void) => {
  const said = new Map<string, number>()
  return (failure) => {
    const reason = reasonOf(failure)
    const now = clock.now()
    if (Math.abs(now - (said.get(reason) ?? -Infinity)) < onceIn) return
    said.set(reason, now)
    say(reason)
  }
}

type Operation = (...given: readonly unknown[]) => Promise<unknown>

/** The same storage, of whose failures the alarm hears: for callers who have no other way to say what happened. */
export const alarmed = ({ upkeep, ...groups }: Storage, alarm: (failure: unknown) => void): Storage => {
  const watched =
    (run: Operation): Operation =>
    async (...given) => {
      try {
        return await run(...given)
      } catch (failure) {
        if ((failure as { readonly _tag?: string } | null)?._tag === 'StorageUnavailable') alarm(failure)
        throw failure
      }
    }
  const group = (operations: object) =>
    Object.fromEntries(Object.entries(operations).map(([name, run]) => [name, watched(run as Operation)]))
  const told = Object.entries(groups).map(([name, operations]) => [name, group(operations)])
  return { ...(Object.fromEntries(told) as typeof groups), upkeep }
}
