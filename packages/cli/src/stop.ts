/** Stopping when asked: what is in flight finishes, then the process ends with exit code 0. */

/** Asked twice, it stops at once. */
export const stopOnSignal = (close: () => Promise<void>): void => {
  let asked = false
  const stop = (): void => {
    if (asked) process.exit(1)
    asked = true
    void close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}
