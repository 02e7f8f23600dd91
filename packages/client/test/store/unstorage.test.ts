import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryStore } from '../../src/store/memory.ts'
import { type Unstorage, unstorageStore } from '../../src/store/unstorage.ts'
import { App } from '../app.ts'
import { storeContract } from './contract.ts'

/** As unstorage's memory driver behaves: keys with colons, JSON values, `null` for what is not there. */
const memory = (): Unstorage => {
  const kept = new Map<string, string>()
  return {
    getItem: async (key) => JSON.parse(kept.get(key) ?? 'null') as unknown,
    setItem: async (key, value) => void kept.set(key, JSON.stringify(value)),
    removeItem: async (key) => void kept.delete(key),
    getKeys: async (base) => [...kept.keys()].filter((key) => key.startsWith(base)),
  }
}

const store = unstorageStore(memory())
storeContract('the unstorage store', () => store)

it('leaves out a session that went while they were looked up', async () => {
  const [kept, own] = [memory(), memory()]
  const racing = unstorageStore({
    ...kept,
    getItem: async (key) => (key.includes(':user:') ? null : kept.getItem(key)),
  })
  await racing.save('one', { value: 'x', userId: 'ada', expiresAt: Date.now() + 60_000 })
  expect(await racing.ofUser('ada')).toEqual(['one'])
  await unstorageStore(own).save('one', { value: 'x', userId: 'ada', expiresAt: Date.now() + 60_000 })
  await own.removeItem('civitai:session:one')
  expect(await unstorageStore(own).ofUser('ada')).toEqual([])
})

describe('without leases of its own', () => {
  let warned: unknown[]
  beforeEach(() => {
    warned = []
    vi.spyOn(console, 'warn').mockImplementation((words) => void warned.push(words))
  })
  afterEach(() => vi.restoreAllMocks())

  const opened = async (options: Parameters<typeof unstorageStore>[1], env: Record<string, string> = {}) => {
    const app = new App({ store: unstorageStore(memory(), options), env })
    await app.session()
    await app.session()
    return warned
  }

  it('says once, as the app starts, that several processes would not see who renews a session', async () => {
    expect(await opened({})).toEqual([expect.stringContaining('leases: redisStore(send)')])
  })

  it('keeps quiet in development, and where the app says whose leases count', async () => {
    expect(await opened({}, { NODE_ENV: 'development' })).toEqual([])
    expect(await opened({ leases: memoryStore() })).toEqual([])
  })

  it('K10 renews a session once between processes that share leases, by a server that forgives nothing', async () => {
    const [storage, leases, clock] = [memory(), memoryStore(), { now: Date.now() }]
    const start = (server?: App['server']) =>
      new App({ store: unstorageStore(storage, { base: 'app', leases }) }, { clock, ...(server && { server }) })
    const first = start()
    await first.signIn()
    first.server.replays = false
    first.server.asked.length = 0
    clock.now += 3_600_000
    const answers = await Promise.all(
      [first, start(first.server), start(first.server)].flatMap((app) =>
        Array.from({ length: 5 }, async () => (await app.handle(first.browser.request('/'))).text()),
      ),
    )
    expect([new Set(answers), first.server.asked.length]).toEqual([new Set(['signed-in']), 1])
  })
})
