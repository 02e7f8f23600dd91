/**
 * What a public client keeps in the browser's storage: attempts and who was signed in for the life of this tab, tokens
 * only where the app chose `local`. Storage that is refused (private windows, full disks) is as good as empty.
 */
import type { ClientErrorTag } from '@civitai-oauth/core/errors'
import type { Live, State, User } from '@civitai-oauth/core/session'
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
  /** A person signed out. It stays written down for tabs that slept through it: nothing may bring the session back. */
  markSignedOut(at: number): void
  /** Whether somebody signed out in this browser after this session began. */
  isOver(session: Pick<Known, 'signedInAt'>): boolean
  attempt(state: string): Attempt | undefined
  /** False where the browser keeps nothing: whoever leaves now comes back as a stranger. */
  keepAttempt(attempt: Attempt): boolean
  dropAttempt(pending: Pending): void
  /** When the last automatic round trip began, Unix milliseconds. */
  guard(): number
  keepGuard(at: number): void
  /** Why a sign-in failed before a round trip that brought back who was here. Answers once. */
  takeError(): ClientErrorTag | undefined
  keepError(error: ClientErrorTag): void
}

/** A browser that refuses storage may throw as soon as it is named. */
const storageOf = (kind: 'localStorage' | 'sessionStorage'): Storage | undefined => {
  try {
    return globalThis[kind]
  } catch {
    return
  }
}

const read = <A>(storage: Storage | undefined, key: string): A | undefined => {
  try {
    return (JSON.parse(storage?.getItem(key) ?? 'null') ?? undefined) as A | undefined
  } catch {
    return
  }
}

const write = (storage: Storage | undefined, key: string, value: unknown): void => {
  try {
    if (value === undefined) storage?.removeItem(key)
    else storage?.setItem(key, JSON.stringify(value))
  } catch {
    // Refused or full: this tab still has what it holds in memory.
  }
}

export const openShelf = (name: string, persist: 'memory' | 'local'): Shelf => {
  const ofTab = storageOf('sessionStorage')
  const ofAll = storageOf('localStorage')
  const attemptKey = (state: string) => `${name}:tx:${state}`
  const attempt = (state: string): Attempt | undefined => read(ofTab, attemptKey(state))
  const known = `${name}:known`
  const guard = `${name}:guard`
  const signedOut = `${name}:out`
  return {
    live: () => (persist === 'local' ? read(ofAll, name) : undefined),
    known: () => read(ofTab, known),
    keep: (live) => {
      const { user, tokens, signedInAt } = live
      write(ofTab, known, { user, scopes: tokens.scopes, signedInAt })
      if (persist === 'local') write(ofAll, name, live)
    },
    clear: () => {
      write(ofTab, known, undefined)
      write(ofAll, name, undefined)
    },
    markSignedOut: (at) => write(ofAll, signedOut, at),
    isOver: ({ signedInAt }) => (read<number>(ofAll, signedOut) ?? 0) > signedInAt,
    attempt,
    keepAttempt: (one) => {
      write(ofTab, attemptKey(one.pending.state), one)
      return attempt(one.pending.state) !== undefined
    },
    dropAttempt: ({ state }) => write(ofTab, attemptKey(state), undefined),
    guard: () => read(ofTab, guard) ?? 0,
    keepGuard: (at) => write(ofTab, guard, at),
    takeError: () => {
      const error = read<ClientErrorTag>(ofTab, `${name}:error`)
      write(ofTab, `${name}:error`, undefined)
      return error
    },
    keepError: (error) => void write(ofTab, `${name}:error`, error),
  }
}

/** Where the session stands as the page opens: held, known from before a reload, or nowhere. */
export const initialState = (shelf: Shelf, restoring: boolean): State => {
  const live = shelf.live()
  if (live && !shelf.isOver(live)) return { _tag: 'SignedIn', live }
  const known = shelf.known()
  if (!known || shelf.isOver(known)) return { _tag: 'SignedOut' }
  return { _tag: restoring ? 'Restoring' : 'Expired', user: known.user, scopes: known.scopes }
}
