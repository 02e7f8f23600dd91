/**
 * An error that is all said in its sentences. Where it was made in our code helps nobody, so it has no stack; and where
 * nobody catches it, and the process is about to end anyway, its sentences are the last thing printed.
 */
const plain = new WeakSet<Error>()
let listening = false

/** The host's, where it is Node or like it. An app that listens for uncaught errors itself is left to it. */
const listen = (host: typeof globalThis.process | undefined) => {
  if (listening || host?.on === undefined) return
  listening = true
  host.on('uncaughtExceptionMonitor', (error) => {
    if (!plain.has(error) || host.listenerCount('uncaughtException') > 0) return
    console.error(error.message)
    host.exit(1)
  })
}

export const plainly = <E extends Error>(error: E): E => {
  error.stack = error.message
  plain.add(error)
  listen(globalThis.process)
  return error
}
