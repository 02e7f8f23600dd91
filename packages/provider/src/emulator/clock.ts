/** The emulator's clock: the machine's, moved forward on demand, never back. */

export interface EmulatorClock {
  /** Unix milliseconds. */
  readonly now: () => number
  advance(seconds: number): void
  /** Back to the machine's time. */
  reset(): void
}

export const createClock = (machine: () => number = Date.now): EmulatorClock => {
  let ahead = 0
  return {
    now: () => machine() + ahead,
    advance: (seconds) => {
      ahead += Math.round(seconds * 1000)
    },
    reset: () => {
      ahead = 0
    },
  }
}
