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
  /** A session another tab holds and that will do; `undefined` when nobody has one in time. */
  ask(willDo?: (live: Live) => boolean): Promise<Live | undefined>
  /** Runs alone: of all tabs, one at a time. */
  alone<A>(work: () => Promise<A>): Promise<A>
  close(): void
}

const answerWithinMs = 100

export const openSiblings = (
  name: string,
  held: () => Live | undefined,
  heard: (message: Exclude<Message, { type: 'ask' }>) => void,
): Siblings => {
  const channel = new BroadcastChannel(name)
  const waiting = new Set<(live: Live) => unknown>()
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches our own origin only
  const tell = (message: Message) => channel.postMessage(message)
  /** Alone until somebody was heard: then nobody needs to be waited for. */
  let company = false

  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
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
  let first = true
  return {
    tell,
    ask: async (willDo = () => true) => {
      if (!first && !company) return
      first = false
      return asked(willDo)
    },
    alone: (work) =>
      (navigator.locks === undefined ? work() : navigator.locks.request(name, work)) as ReturnType<typeof work>,
    close: () => channel.close(),
  }
}
