import { type Unstorage, unstorageStore } from '../../src/store/unstorage.ts'
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
