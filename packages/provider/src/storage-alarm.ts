/** Says what kept the database from answering: once a minute for each cause, however many requests it failed. */
import type { Clock } from './clock.ts'

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
