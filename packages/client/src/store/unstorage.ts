/**
 * Sessions in anything unstorage can reach. It has no atomic operation, on any driver, so leases are another store's:
 * without one they hold within this process only.
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

export interface UnstorageStoreOptions {
  /** What every key begins with. Default `civitai`. */
  readonly base?: string
  /**
   * Whose leases count. Several processes: a store that has them, e.g. `redisStore(send)`. One process, ever:
   * `memoryStore()`, which is also what stands in, with a warning, where nothing is said.
   */
  readonly leases?: Pick<SessionStore, 'lease' | 'release'>
}

const warning =
  'Sessions are in unstorage, which cannot lease: two processes may renew one session at once, and the server may end it. ' +
  'Give unstorageStore `leases: redisStore(send)`, or `leases: memoryStore()` if there is one process only.'

export const unstorageStore = (storage: Unstorage, options: UnstorageStoreOptions = {}): SessionStore => {
  const { base = 'civitai', leases = memoryStore() } = options
  const key = (id: string) => `${base}:session:${id}`
  const mark = (userId: string, id: string) => `${base}:user:${encodeURIComponent(userId)}:${id}`
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
    ...(options.leases === undefined && { warning }),
    lease: leases.lease,
    release: leases.release,
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
