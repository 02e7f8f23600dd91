/** What happened to sessions lately, newest first. Small facts, as events are: never a secret, code or token. */
import type { AuthEvent, Session } from '@civitai-oauth/client'

export type Entry =
  | { readonly at: number; readonly kind: 'event'; readonly event: AuthEvent }
  /** A request found the machine in another state than the person's request before. */
  | {
      readonly at: number
      readonly kind: 'state'
      readonly user: string
      readonly from: string | undefined
      readonly to: string
      /** Without its query, which may hold a code. */
      readonly path: string
    }

const most = 50

export interface Log {
  readonly entries: readonly Entry[]
  happened(event: AuthEvent, at: number): void
  seen(session: Session, path: string, at: number): void
}

export const createLog = (): Log => {
  const entries: Entry[] = []
  const last = new Map<string, string>()
  const add = (entry: Entry) => {
    entries.unshift(entry)
    entries.length = Math.min(entries.length, most)
  }
  return {
    entries,
    happened: (event, at) => add({ at, kind: 'event', event }),
    seen: (session, path, at) => {
      const { view, state: to } = session
      const user = 'user' in view ? view.user.username : 'nobody'
      const from = last.get(user)
      if (from === to) return
      last.set(user, to)
      add({ at, kind: 'state', user, from, to, path: path.replace(/[?#].*$/, '') })
    },
  }
}

export const log: Log = createLog()
