/**
 * Where sessions live when the browser's cookie shall not hold them: six functions. Ids are digests and values are
 * sealed, so what a store holds opens no session by itself.
 */

export interface StoredSession {
  /** Sealed. */
  readonly value: string
  /** Whose it is: `ofUser` finds it by this. */
  readonly userId: string
  /** Unix milliseconds; after that it may be forgotten. */
  readonly expiresAt: number
}

export interface SessionStore {
  /** The value; `undefined` for none, or for one that has run out. */
  load(id: string): Promise<string | undefined>
  save(id: string, session: StoredSession): Promise<void>
  delete(id: string): Promise<void>
  /** Ids of a person's sessions that have not run out, the last saved first. */
  ofUser(userId: string): Promise<readonly string[]>
  /**
   * Atomically: true when `holder` has the session to itself until it releases it or `ms` milliseconds have passed,
   * false while somebody else has. Asked again by the same holder, it starts anew.
   */
  lease(id: string, holder: string, ms: number): Promise<boolean>
  /** Ends the lease, if `holder` still has it. */
  release(id: string, holder: string): Promise<void>
  /**
   * Set where sessions reach further than leases: other processes see the same sessions, and would not see who renews
   * one. Said once when the app starts, outside of development; the words are printed.
   */
  readonly warning?: string
}
