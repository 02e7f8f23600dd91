/** Other tabs of the same app in this browser: who holds the session tells the others, over a channel of our origin. */
import type { Live } from '@civitai-oauth/core/session'

type Message =
  /** A tab that just opened, or is about to refresh, asks who has the session. */
  | { readonly type: 'ask' }
  | { readonly type: 'session'; readonly live: Live }
  /** A person signed in here, whoever was here before. */
  | { readonly type: 'signed-in'; readonly live: Live }
  | { readonly type: 'signed-out' }

export interface Siblings {
  tell(message: Message): void
  /** A session another tab holds and that will do; `undefined` when nobody has one in time, and at once where nobody is. */
  ask(willDo?: (live: Live) => boolean): Promise<Live | undefined>
  /** While this tab slept, others may have come without its hearing of it. */
  slept(): void
  /** Runs alone: of all tabs, one at a time. */
  alone<A>(work: () => Promise<A>): Promise<A>
}

const answerWithinMs = 100
/** Longer than a refresh takes, sent twice. A tab that holds the lock for longer is asleep, and holds up nobody. */
const aloneWithinMs = 25_000

/** A browser may lack channels, or refuse them: then each tab is alone. */
const openChannel = (name: string): BroadcastChannel | undefined => {
  try {
    return new BroadcastChannel(name)
  } catch {
    return
  }
}

export const openSiblings = (
  name: string,
  held: () => Live | undefined,
  heard: (message: Exclude<Message, { type: 'ask' }>) => void,
): Siblings => {
  const channel = openChannel(name)
  const waiting = new Set<(live: Live) => unknown>()
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches our own origin only
  const tell = (message: Message) => channel?.postMessage(message)
  /** Whether anybody may be there. Who was not heard since the last question is not waited for again. */
  let company = true

  channel?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    company = true
    if (data.type === 'ask') {
      const live = held()
      if (live !== undefined) tell({ type: 'session', live })
      return
    }
    if (data.type === 'session') for (const answer of waiting) answer(data.live)
    heard(data)
  })

  const asked = (willDo: (live: Live) => boolean) =>
    new Promise<Live | undefined>((done) => {
      const end = (live?: Live) => {
        clearTimeout(late)
        waiting.delete(answer)
        done(live)
      }
      const answer = (live: Live) => willDo(live) && end(live)
      const late = setTimeout(end, answerWithinMs)
      waiting.add(answer)
      tell({ type: 'ask' })
    })
  return {
    tell,
    slept: () => {
      company = true
    },
    ask: async (willDo = () => true) => {
      if (channel === undefined || !company) return
      company = false
      return asked(willDo)
    },
    alone: async <A>(work: () => Promise<A>): Promise<A> => {
      let ours: Promise<A> | undefined
      try {
        await navigator.locks.request(name, { signal: AbortSignal.timeout(aloneWithinMs) }, () => (ours = work()))
      } catch {
        // No locks in this browser, or none to be had: together is better than never.
      }
      return ours ?? work()
    },
  }
}
