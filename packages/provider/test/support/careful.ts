/** Apps that take care, and somebody who makes their life hard. */
import { setTimeout as wait } from 'node:timers/promises'

/** How often they had to ask again: no answer came, or one that said "later". */
export interface Patience {
  unanswered: number
  later: number
}

export interface Answer {
  readonly response: Response
  readonly text: string
}

/**
 * Asks until there is an answer that settles something. 503 with Retry-After settles nothing: it is what a server says
 * whose database is too slow just now, and the same is asked again. 503 without it is an answer like any other.
 */
export const askUntilAnswered = async (patience: Patience, ask: () => Promise<Response>): Promise<Answer> => {
  for (;;)
    try {
      const response = await ask()
      const text = await response.text()
      if (response.status !== 503 || !response.headers.has('retry-after')) return { response, text }
      patience.later += 1
      await wait(50)
    } catch {
      patience.unanswered += 1
      await wait(20)
    }
}

/** Apps work until the troublemaker is done. Whoever fails ends it for all at once, and its reason is thrown. */
export const whileTroubled = async (
  trouble: (stop: AbortSignal) => Promise<void>,
  apps: (stop: AbortSignal) => readonly Promise<void>[],
): Promise<void> => {
  const stop = new AbortController()
  const working = apps(stop.signal)
  const troubling = trouble(stop.signal)
  try {
    await Promise.race([troubling, Promise.all(working)])
  } finally {
    stop.abort()
    await Promise.allSettled([troubling, ...working])
  }
  await Promise.all(working)
}
