/** What an app runs on. The one seam for tests: everything else follows from requests and options. */
export interface Platform {
  readonly fetch: typeof globalThis.fetch
  /** Unix milliseconds. */
  readonly now: () => number
  readonly random: (bytes: number) => Uint8Array
  /** Answers after so many milliseconds, unless nobody waits any more. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

export const platform: Platform = {
  fetch: (input, init) => globalThis.fetch(input, init),
  now: () => Date.now(),
  random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  sleep: (ms, signal) =>
    new Promise((done) => {
      const late = setTimeout(done, ms)
      signal.addEventListener('abort', () => clearTimeout(late), { once: true })
    }),
}
