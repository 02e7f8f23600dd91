/**
 * Sessions in anything unstorage can reach. It has no atomic operation, so leases hold within one process only: behind
 * several processes use Postgres or Redis.
 */
import { memoryStore } from './memory.ts'
import type { SessionStore, StoredSession } from './store.ts'

/** What is needed of `createStorage()`. */
export interface Unstorage {
  getItem(key: string): Promise<unknown>
  setItem(key: string, value: StoredSession): Promise<void>
  removeItem(key: string): Promise<void>
  getKeys(base: string): Promise<string[]>
}

export const unstorageStore = (storage: Unstorage, base = 'civitai'): SessionStore => {
  const key = (id: string) => `${base}:session:${id}`
  const mark = (userId: string, id: string) => `${base}:user:${encodeURIComponent(userId)}:${id}`
  const { lease, release } = memoryStore()
  const read = async (id: string): Promise<StoredSession | undefined> => {
    const session = (await storage.getItem(key(id))) as StoredSession | null
    return session !== null && Date.now() < session.expiresAt ? session : undefined
  }
  const remove = async (id: string) => {
    const session = (await storage.getItem(key(id))) as StoredSession | null
    await storage.removeItem(key(id))
    if (session !== null) await storage.removeItem(mark(session.userId, id))
  }
  return {
    lease,
    release,
    load: async (id) => (await read(id))?.value,
    save: async (id, session) => {
      await storage.setItem(key(id), session)
      await storage.setItem(mark(session.userId, id), { ...session, value: String(Date.now()) })
    },
    delete: remove,
    ofUser: async (userId) => {
      const keys = await storage.getKeys(mark(userId, ''))
      const marks = await Promise.all(
        keys.map(async (one) => ({
          id: one.slice(one.lastIndexOf(':') + 1),
          at: Number(((await storage.getItem(one)) as StoredSession | null)?.value ?? 0),
        })),
      )
      const there = await Promise.all(marks.map(async ({ id }) => (await read(id)) !== undefined))
      return marks
        .filter((_, index) => there[index])
        .toSorted((a, b) => b.at - a.at)
        .map(({ id }) => id)
    },
  }
}
