/** The events counted so far, and when the window ends: Unix milliseconds. */
export interface LimitWindow {
  readonly count: number
  readonly endsAt: number
}

/** Rate limits for many processes: counted where they all look. One process counts in memory, without asking. */
export interface LimitStorage {
  /** Counts one event of a key in its fixed window. */
  hit(key: string, windowMs: number, now: number): Promise<LimitWindow>
  /** Counts nothing. `null` where no window of the key is open. */
  look(key: string, windowMs: number, now: number): Promise<LimitWindow | null>
}
