/** Rate limits for many processes: counted where they all look. One process counts in memory, without asking. */
export interface LimitStorage {
  /** Counts one event of a key in its fixed window. Answers the events so far, and when the window ends. */
  hit(key: string, windowMs: number, now: number): Promise<{ readonly count: number; readonly endsAt: number }>
}
