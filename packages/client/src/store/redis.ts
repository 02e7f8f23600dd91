/** Sessions in Redis, for any number of processes. Bring your own client, as one function that sends a command. */
import type { SessionStore } from './store.ts'

/** `(command) => client.sendCommand(command)` of node-redis, `([name, ...args]) => client.call(name, ...args)` of ioredis. */
export type SendCommand = (command: string[]) => Promise<unknown>

export interface RedisStoreOptions {
  /** What every key begins with. Default `civitai:`. */
  readonly prefix?: string
}

/** Deletes a lease, if its holder still has it. */
const releaseScript = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`
/** Takes a lease that is free, or one's own. */
const leaseScript = `local held = redis.call('get', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`

export const redisStore = (send: SendCommand, { prefix = 'civitai:' }: RedisStoreOptions = {}): SessionStore => {
  const session = (id: string) => `${prefix}session:${id}`
  const lease = (id: string) => `${prefix}lease:${id}`
  const user = (userId: string) => `${prefix}user:${userId}`
  return {
    load: async (id) => {
      const value = await send(['GET', session(id)])
      return value === null || value === undefined ? undefined : String(value)
    },
    save: async (id, { value, userId, expiresAt }) => {
      const at = String(Math.round(expiresAt))
      await send(['SET', session(id), value, 'PXAT', at])
      // The list of a person's sessions is ordered by when they were saved, and lives as long as the longest of them.
      await send(['ZADD', user(userId), String(Date.now()), id])
      await send(['PEXPIREAT', user(userId), at, 'NX'])
      await send(['PEXPIREAT', user(userId), at, 'GT'])
    },
    delete: async (id) => {
      await send(['DEL', session(id)])
    },
    ofUser: async (userId) => {
      const ids = ((await send(['ZREVRANGE', user(userId), '0', '-1'])) as unknown[]).map(String)
      const there = await Promise.all(ids.map((id) => send(['EXISTS', session(id)])))
      const gone = ids.filter((_, index) => Number(there[index]) === 0)
      if (gone.length > 0) await send(['ZREM', user(userId), ...gone])
      return ids.filter((id) => !gone.includes(id))
    },
    lease: async (id, holder, ms) =>
      Number(await send(['EVAL', leaseScript, '1', lease(id), holder, String(Math.round(ms))])) === 1,
    release: async (id, holder) => {
      await send(['EVAL', releaseScript, '1', lease(id), holder])
    },
  }
}
