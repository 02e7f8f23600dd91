import { expect } from 'vitest'
import type { Contract } from './contract.ts'
import { start } from './given.ts'

export const verification: Contract = (it) => {
  it('a request for verification waits in the queue, oldest first, until staff answer', async ({
    storage,
    ada,
    bob,
    app,
    register,
  }) => {
    const second = await register({ name: 'Second' })
    const ask = (clientId: string, now: number, ownerId = ada.id) =>
      storage.verification.ask(clientId, ownerId, { note: 'We are real.', links: ['https://x.example'] }, now)
    expect(await ask(app.clientId, start, bob.id)).toEqual({ _tag: 'NotFound' })
    expect(await ask(second.clientId, start + 2)).toEqual({ _tag: 'Asked' })
    expect(await ask(app.clientId, start + 1)).toEqual({ _tag: 'Asked' })
    expect(await ask(app.clientId, start + 3)).toEqual({ _tag: 'Asked' })
    const first = { after: null, limit: 9 }
    const queue = await storage.verification.queue(first)
    expect(queue.map(({ app: { name }, request }) => [name, request.askedAt])).toEqual([
      ['Radio', start + 1],
      ['Second', start + 2],
    ])
    const waiting = (after: { readonly askedAt: number; readonly clientId: string }) =>
      storage.verification.queue({ after, limit: 1 })
    const theSecond = queue[1]?.request
    expect(await waiting({ askedAt: start + 1, clientId: app.clientId })).toMatchObject([{ request: theSecond }])
    expect(await waiting({ askedAt: start + 2, clientId: second.clientId })).toEqual([])
    const decision = { flag: 'verified', on: true, reason: 'known' } as const
    expect(await storage.verification.decide(app.clientId, decision, bob.id, start + 4)).toMatchObject({
      verified: true,
    })
    expect(await storage.verification.find(app.clientId)).toMatchObject({
      decision: { verified: true, reason: 'known', at: start + 4 },
    })
    expect(await ask(app.clientId, start)).toEqual({ _tag: 'AlreadyVerified' })
    expect(await storage.verification.queue(first)).toHaveLength(1)
    const trust = { flag: 'trusted', on: true, reason: 'known' } as const
    expect(await storage.verification.decide(second.clientId, trust, null, start)).toMatchObject({ trusted: true })
    expect(await storage.verification.queue(first)).toHaveLength(1)
    expect(await storage.verification.decide('unknown', decision, null, start)).toBeNull()
    const page = { after: null, limit: 9 }
    expect(await storage.verification.search('RAD', page)).toMatchObject([{ owner: 'ada', app: { name: 'Radio' } }])
    expect(await storage.verification.search('ada', page)).toHaveLength(2)
    expect(await storage.verification.search('ada', { after: second.clientId, limit: 9 })).toMatchObject([
      { app: { name: 'Radio' } },
    ])
    expect(await storage.verification.search('bob', { after: second.clientId, limit: 9 })).toEqual([])
  })
}
