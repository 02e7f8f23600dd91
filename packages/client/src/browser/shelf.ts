/**
 * What a public client keeps in the browser's storage: attempts and who was signed in for the life of this tab, tokens
 * only where the app chose `local`. Storage that is refused (private windows, full disks) is as good as empty.
 */
import type { Live, User } from '@civitai-oauth/core/session'
import type { Pending } from '@civitai-oauth/core/sign-in'

export interface Attempt {
  readonly pending: Pending
  readonly scopes: readonly string[]
}

/** Somebody whose session a reload may restore: no token. */
export interface Known {
  readonly user: User
  readonly scopes: readonly string[]
  /** Unix milliseconds. */
  readonly signedInAt: number
}

export interface Shelf {
  live(): Live | undefined
  known(): Known | undefined
  keep(live: Live): void
  clear(): void
  attempt(state: string): Attempt | undefined
  keepAttempt(attempt: Attempt): void
  dropAttempt(pending: Pending): void
  /** When the last automatic round trip began, Unix milliseconds. */
  guard(): number
  keepGuard(at: number): void
}

const read = <A>(storage: Storage, key: string): A | undefined => {
  try {
    return (JSON.parse(storage.getItem(key) ?? 'null') ?? undefined) as A | undefined
  } catch {
    return
  }
}

const write = (storage: Storage, key: string, value: unknown): void => {
  try {
    if (value === undefined) storage.removeItem(key)
    else storage.setItem(key, JSON.stringify(value))
  } catch {
    // Refused or full: this tab still has what it holds in memory.
  }
}

export const openShelf = (name: string, persist: 'memory' | 'local'): Shelf => {
  const attemptKey = (state: string) => `${name}:tx:${state}`
  const ofTab = globalThis.sessionStorage
  return {
    live: () => (persist === 'local' ? read(localStorage, name) : undefined),
    known: () => read(ofTab, `${name}:known`),
    keep: (live) => {
      write(ofTab, `${name}:known`, { user: live.user, scopes: live.tokens.scopes, signedInAt: live.signedInAt })
      if (persist === 'local') write(localStorage, name, live)
    },
    clear: () => {
      write(ofTab, `${name}:known`, undefined)
      write(localStorage, name, undefined)
    },
    attempt: (state) => read(ofTab, attemptKey(state)),
    keepAttempt: (attempt) => write(ofTab, attemptKey(attempt.pending.state), attempt),
    dropAttempt: ({ state }) => write(ofTab, attemptKey(state), undefined),
    guard: () => read(ofTab, `${name}:guard`) ?? 0,
    keepGuard: (at) => write(ofTab, `${name}:guard`, at),
  }
}
