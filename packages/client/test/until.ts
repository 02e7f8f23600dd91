/** Waits for what must come, however long a busy machine takes: only the test's own patience ends it. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise<void>((done) => setImmediate(done))
}
