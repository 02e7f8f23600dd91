/** Sessions in the memory of one process: gone when it ends. For development, tests and single small servers. */
import type { SessionStore, StoredSession } from './store.ts'

export const memoryStore = (now: () => number = Date.now): SessionStore => {
  const sessions = new Map<string, StoredSession>()
  const leases = new Map<string, { readonly holder: string; readonly until: number }>()
  const alive = (session: StoredSession | undefined) => session !== undefined && now() < session.expiresAt
  const forgetOld = () => {
    for (const [id, session] of sessions) if (!alive(session)) sessions.delete(id)
    for (const [id, { until }] of leases) if (now() >= until) leases.delete(id)
  }
  let saves = 0
  return {
    load: async (id) => {
      const session = sessions.get(id)
      return alive(session) ? session?.value : undefined
    },
    save: async (id, session) => {
      // Once in a while is enough: what has run out is never handed out.
      if (++saves % 1000 === 0) forgetOld()
      sessions.delete(id)
      sessions.set(id, session)
    },
    delete: async (id) => void sessions.delete(id),
    ofUser: async (userId) =>
      [...sessions]
        .filter(([, session]) => session.userId === userId && alive(session))
        .map(([id]) => id)
        .toReversed(),
    lease: async (id, holder, ms) => {
      const held = leases.get(id)
      if (held !== undefined && held.holder !== holder && now() < held.until) return false
      leases.set(id, { holder, until: now() + ms })
      return true
    },
    release: async (id, holder) => {
      if (leases.get(id)?.holder === holder) leases.delete(id)
    },
  }
}
