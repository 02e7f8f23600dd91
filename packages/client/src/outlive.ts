/**
 * Work that goes on when its request has been answered, or has been left. Servers let it; workers drop it, unless they are
 * told: Cloudflare's by `waitUntil`, for half a minute.
 */
type WaitUntil = (work: Promise<unknown>) => void

/** Theirs is a builtin module like Node's own, and absent everywhere else. */
const waitUntilHere = (): WaitUntil | undefined => {
  try {
    const workers = globalThis.process?.getBuiltinModule?.('cloudflare:workers') as
      | { waitUntil?: WaitUntil }
      | undefined
    return workers?.waitUntil
  } catch {
    return
  }
}

/** `begin` answers when the work is over; called only where somebody wants to know. */
export const outlive = (begin: () => Promise<unknown>): void => {
  const waitUntil = waitUntilHere()
  if (waitUntil === undefined) return
  try {
    waitUntil(begin())
  } catch {
    // Outside of any request there is nothing to be kept.
  }
}
