import { expect } from 'vitest'
import { digest } from '../../src/token.ts'
import type { Contract } from './contract.ts'
import { start } from './given.ts'

export const apiKeys: Contract = (it) => {
  it('an API key acts as its person until it is deleted, by its person only', async ({ storage, ada, bob }) => {
    const hash = digest('QK-x')
    const key = await storage.apiKeys.create({ personId: bob.id, name: 'laptop', hint: 'abcd', hash }, start)
    expect(key).toEqual({ id: key.id, name: 'laptop', hint: 'abcd', createdAt: start, lastUsedAt: null })
    expect(await storage.apiKeys.isOf(bob.id, hash)).toBe(true)
    expect(await storage.apiKeys.isOf(ada.id, hash)).toBe(false)
    expect(await storage.apiKeys.isOf(bob.id, digest('QK-other'))).toBe(false)
    expect(await storage.apiKeys.list(bob.id)).toEqual([key])
    expect(await storage.apiKeys.use(hash, start + 1)).toEqual(bob)
    expect(await storage.apiKeys.list(bob.id)).toMatchObject([{ lastUsedAt: start + 1 }])
    expect(await storage.apiKeys.delete(ada.id, key.id, start)).toEqual({ _tag: 'NotFound' })
    expect(await storage.apiKeys.delete(bob.id, key.id, start)).toEqual({ _tag: 'Deleted' })
    expect(await storage.apiKeys.use(hash, start)).toBeNull()
    expect(await storage.apiKeys.list(bob.id)).toEqual([])
  })
}
