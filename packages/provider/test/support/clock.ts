/** A clock that stands still until it is moved. */
export const stoppedClock = (start = Date.UTC(2026, 10, 21)) => {
  let now = start
  return {
    now: () => now,
    advance: (seconds: number) => void (now += seconds * 1000),
  }
}
