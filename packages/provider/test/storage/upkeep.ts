import { expect } from 'vitest'
import { digest } from '../../src/token.ts'
import type { Contract } from './contract.ts'
import { start, minute } from './given.ts'

export const upkeep: Contract = (it) => {
  it('sweeping removes what nobody can reach, in bounded batches, and nothing else', async ({
    storage,
    ada,
    bob,
    app,
    register,
    rotate,
    signIn,
    isAlive,
  }) => {
    const [access, refresh] = await signIn()
    const dead = await signIn()
    await rotate(dead[1])
    await storage.tokens.revoke({ hash: digest(refresh), by: { _tag: 'Person', personId: ada.id }, now: start })
    expect(await storage.upkeep.sweep(start, 100)).toBe(0)
    const gone = await register()
    await storage.apps.delete(gone.clientId, ada.id, start)
    for (let swept = 1; swept > 0;) swept = await storage.upkeep.sweep(start + 10 * minute, 1)
    expect(await isAlive(access)).toBe(true)
    expect(await rotate(dead[1], undefined, { now: start + 10 * minute })).toEqual({ _tag: 'Reused' })
    const [left] = await signIn()
    await storage.grants.revoke(bob.id, app.clientId, start)
    const endLeft = { hash: digest(left), by: { _tag: 'Person', personId: bob.id }, now: start } as const
    expect(await storage.tokens.revoke(endLeft)).toEqual({ _tag: 'Revoked' })
    for (let swept = 1; swept > 0;) swept = await storage.upkeep.sweep(start, 100)
    expect(await storage.tokens.revoke(endLeft)).toEqual({ _tag: 'NotFound' })
    await signIn()
    const aYear = start + 365 * 24 * 60 * minute
    for (let swept = 1; swept > 0;) swept = await storage.upkeep.sweep(aYear, 100)
    expect(await rotate(refresh, undefined, { now: start })).toEqual({ _tag: 'Unknown' })
    expect(await storage.grants.find(bob.id, app.clientId)).not.toBeNull()
  })

  it('wiping leaves an empty storage that works', async ({ storage, app, person }) => {
    await storage.upkeep.wipe()
    expect(await storage.people.byUsername('ada')).toBeNull()
    expect(await storage.apps.find(app.clientId)).toBeNull()
    await storage.upkeep.ping()
    expect((await person('ada')).username).toBe('ada')
  })

  it('H4 finds nothing, and is no reason to fail', async ({ storage, ada, bob }) => {
    expect(await storage.apps.find('a\0')).toBeNull()
    expect(await storage.people.byEmail('ada\0@example.com')).toBeNull()
    expect(await storage.grants.revoke(bob.id, '\0', start)).toEqual({ _tag: 'NotFound' })
    const page = { query: '\0', after: '\0', limit: 10 }
    expect(await storage.apps.list(ada.id, page, start)).toMatchObject({ apps: [], total: 0 })
  })
}
