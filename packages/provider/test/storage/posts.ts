import { expect } from 'vitest'
import type { Contract } from './contract.ts'
import { start } from './given.ts'

export const posts: Contract = (it) => {
  it('posts are kept newest first', async ({ storage, ada, bob }) => {
    for (const title of ['one', 'two'])
      await storage.posts.create({ personId: bob.id, title, content: '', clientId: null }, start)
    expect((await storage.posts.list(bob.id)).map(({ title }) => title)).toEqual(['two', 'one'])
    expect(await storage.posts.list(ada.id)).toEqual([])
  })
}
