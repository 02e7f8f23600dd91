import { expect } from 'vitest'
import type { Storage } from '../../src/index.ts'
import type { KeptApp } from '../../src/storage/apps.ts'
import { digest } from '../../src/token.ts'
import type { Contract } from './contract.ts'
import { newPair, start, minute, address, profile, all, seen, tally } from './given.ts'

export const tokens: Contract = (it) => {
  it('F2 of many who rotate one token one begins the next generation, and the others get its salt', async ({
    rotate,
    signIn,
    racing,
  }) => {
    const [, refresh] = await signIn()
    const results = await racing(20, (on) => rotate(refresh, undefined, {}, on))
    expect(tally(results)).toEqual({ Rotated: 1, Replayed: 19 })
    const salts = results.flatMap((result) =>
      result._tag === 'Replayed' ? [Buffer.from(result.salt).toString('hex')] : [],
    )
    expect(new Set(salts).size).toBe(1)
  })

  it('F3 F1 a spent one replays for thirty seconds, and then ends its family and no other', async ({
    rotate,
    signIn,
    isAlive,
  }) => {
    const [other, [, refresh]] = [await signIn(), await signIn()]
    const next = newPair()
    await rotate(refresh, next)
    const replayed = await rotate(refresh, undefined, { now: start + 30_000 })
    expect(replayed).toMatchObject({ _tag: 'Replayed', scopes: all })
    expect(await isAlive(next[0])).toBe(true)
    expect(await rotate(refresh, undefined, { now: start + 30_001 })).toEqual({ _tag: 'Reused' })
    expect(await isAlive(next[0])).toBe(false)
    expect(await rotate(next[1])).toEqual({ _tag: 'Ended' })
    expect(await isAlive(other[0])).toBe(true)
  })

  it('F3 once its salt is erased it does not replay', async ({ storage, rotate, signIn }) => {
    const [, refresh] = await signIn()
    await rotate(refresh)
    await storage.upkeep.sweep(start + 30_001, 100)
    expect(await rotate(refresh, undefined, { now: start + 1 })).toEqual({ _tag: 'Reused' })
  })

  it('F7 lives as long as it was given, and no longer than its family', async ({ rotate, signIn }) => {
    const [, refresh] = await signIn()
    const next = newPair()
    const familyLifetime = 40 * minute
    expect(await rotate(refresh, next, { familyLifetime })).toMatchObject({ _tag: 'Rotated' })
    expect(await rotate(next[1], undefined, { now: start + 40 * minute })).toEqual({ _tag: 'Expired' })
    expect(await rotate(next[1], undefined, { now: start + 40 * minute - 1 })).toMatchObject({ _tag: 'Rotated' })
  })

  it('F8 narrows, never widens, and the next one holds all again', async ({ rotate, signIn }) => {
    const [, refresh] = await signIn()
    expect(await rotate(refresh, undefined, { narrowTo: all | 2 })).toEqual({ _tag: 'TooWide' })
    const next = newPair()
    expect(await rotate(refresh, next, { narrowTo: profile })).toMatchObject({ _tag: 'Rotated', scopes: profile })
    expect(await rotate(next[1])).toMatchObject({ _tag: 'Rotated', scopes: all })
  })

  it('F9 another app gets nothing and ends nothing; an unknown one is unknown', async ({ rotate, signIn, isAlive }) => {
    const [access, refresh] = await signIn()
    expect(await rotate(refresh, undefined, { clientId: 'another' })).toEqual({ _tag: 'WrongClient' })
    expect(await isAlive(access)).toBe(true)
    expect(await rotate('never issued')).toEqual({ _tag: 'Unknown' })
  })

  it('A8 says nothing of a spent one, and ends nothing, for an older copy of the app', async ({
    storage,
    ada,
    app,
    codeFor,
    redeem,
    rotate,
    signIn,
    isAlive,
  }) => {
    const [[, refresh], next, code] = [await signIn(), newPair(), await codeFor()]
    await rotate(refresh, next)
    await storage.secrets.rotate(app.clientId, ada.id, seen(start), digest('new'), start)
    const { revision } = (await storage.apps.find(app.clientId)) as KeptApp
    for (const now of [start, start + minute])
      expect(await rotate(refresh, undefined, { now })).toEqual({ _tag: 'Stale' })
    expect(await isAlive(next[0])).toBe(true)
    expect(await rotate(refresh, undefined, { revision })).toMatchObject({ _tag: 'Replayed' })
    const wrong = { expected: { S256: 'x', plain: 'x' } }
    expect(await redeem(code, undefined, wrong)).toEqual({ _tag: 'Stale' })
    expect(await redeem(code, undefined, { revision })).toMatchObject({ _tag: 'Redeemed' })
    expect(await redeem(code, undefined, { now: start + minute })).toEqual({ _tag: 'Stale' })
  })

  it('F10 follows what the app may have now, and is Stale against an older copy of it', async ({
    storage,
    ada,
    app,
    rotate,
    signIn,
  }) => {
    const [access, refresh] = await signIn()
    const fields = { name: 'N', description: '', redirectUris: [address], scopes: 0, reach: profile }
    await storage.apps.edit(app.clientId, ada.id, 1, fields, start)
    expect(await rotate(refresh)).toEqual({ _tag: 'Stale' })
    const { revision } = (await storage.apps.find(app.clientId)) as KeptApp
    expect(await rotate(refresh, undefined, { revision })).toMatchObject({ _tag: 'Rotated', scopes: profile })
    expect(await storage.tokens.find(digest(access), start)).toMatchObject({ scopes: profile })
  })

  it('F6 O4 racing an ending, no token is alive afterwards', async ({ bob, app, rotate, signIn, isAlive, racing }) => {
    for (let round = 0; round < 6; round++) {
      const [access, refresh] = await signIn()
      const pairs = Array.from({ length: 6 }, () => newPair())
      const end = (on: Storage): Promise<unknown> =>
        round % 2
          ? on.grants.revoke(bob.id, app.clientId, start)
          : on.tokens.revoke({ hash: digest(refresh), by: { _tag: 'Client', clientId: app.clientId }, now: start })
      await racing<unknown>(7, (on, at) => (at === 3 ? end(on) : rotate(refresh, pairs[at === 6 ? 3 : at], {}, on)))
      for (const [one] of [[access], ...pairs]) expect(await isAlive(one as string)).toBe(false)
    }
  })

  it('the access token before it lives on as long as is said, and no longer', async ({ rotate, signIn, isAlive }) => {
    const [access, refresh] = await signIn()
    await rotate(refresh, undefined, { accessBeforeUntil: start + 30_000 })
    expect(await isAlive(access, start + 29_999)).toBe(true)
    expect(await isAlive(access, start + 30_000)).toBe(false)
  })

  it('graceless refuses at once and ends nothing', async ({ rotate, signIn, isAlive }) => {
    const [, refresh] = await signIn()
    const next = newPair()
    await rotate(refresh, next)
    expect(await rotate(refresh, undefined, { graceless: true })).toEqual({ _tag: 'Unknown' })
    expect(await isAlive(next[0])).toBe(true)
  })

  it('are found with their person, app and scopes until they expire', async ({
    storage,
    bob,
    app,
    signIn,
    isAlive,
  }) => {
    const [access] = await signIn()
    expect(await storage.tokens.find(digest(access), start)).toEqual({
      person: bob,
      clientId: app.clientId,
      appId: app.id,
      dialect: 'civitai',
      trusted: false,
      scopes: all,
      issuedAt: start,
      expiresAt: start + 60 * minute,
    })
    expect(await isAlive(access, start + 60 * minute - 1)).toBe(true)
    expect(await isAlive(access, start + 60 * minute)).toBe(false)
  })

  it('T4 die at once, on every connection, when the grant, the family or the app ends', async ({
    storage,
    other,
    ada,
    bob,
    app,
    signIn,
    isAlive,
  }) => {
    const on = other ?? storage
    const [byToken] = await signIn()
    await storage.tokens.revoke({ hash: digest(byToken), by: { _tag: 'Person', personId: bob.id }, now: start })
    expect(await isAlive(byToken, start, on)).toBe(false)
    const [byGrant] = await signIn()
    await storage.grants.revoke(bob.id, app.clientId, start)
    expect(await isAlive(byGrant, start, on)).toBe(false)
    const [byApp] = await signIn()
    expect(await isAlive(byGrant, start, on)).toBe(false)
    await storage.apps.delete(app.clientId, ada.id, start)
    expect(await isAlive(byApp, start, on)).toBe(false)
  })

  it('are revoked by their own app or person only', async ({ storage, ada, app, signIn, isAlive }) => {
    const [access, refresh] = await signIn()
    const revoke = (hash: Uint8Array, by: Parameters<Storage['tokens']['revoke']>[0]['by']) =>
      storage.tokens.revoke({ hash, by, now: start })
    expect(await revoke(digest(access), { _tag: 'Client', clientId: 'x' })).toEqual({ _tag: 'NotFound' })
    expect(await revoke(digest(access), { _tag: 'Person', personId: ada.id })).toEqual({ _tag: 'NotFound' })
    expect(await isAlive(access)).toBe(true)
    expect(await revoke(digest(refresh), { _tag: 'Client', clientId: app.clientId })).toEqual({ _tag: 'Revoked' })
    expect(await isAlive(access)).toBe(false)
  })

  it("an app's own token acts as its owner and is Stale for an older copy of the app", async ({
    storage,
    ada,
    app,
  }) => {
    const issue = (accessHash: Uint8Array, revision: number) =>
      storage.tokens.issueToClient({
        clientId: app.clientId,
        revision,
        scopes: all,
        accessHash,
        expiresAt: start + minute,
        now: start,
      })
    expect(await issue(digest('x'), app.revision + 1)).toEqual({ _tag: 'Stale' })
    expect(await issue(digest('y'), app.revision)).toEqual({ _tag: 'Issued' })
    expect(await storage.tokens.find(digest('y'), start)).toMatchObject({ person: ada, scopes: all })
    expect(await storage.tokens.find(digest('x'), start)).toBeNull()
  })

  it('counts the refreshes of each day from the tokens they spent, for the owner', async ({
    storage,
    ada,
    bob,
    app,
    rotate,
    signIn,
  }) => {
    const day = 24 * 60 * minute
    const count = (ownerId: number, since = start, most = 100) =>
      storage.tokens.refreshesOf({ clientId: app.clientId, ownerId, since, most })
    const [, refresh] = await signIn()
    expect(await count(ada.id)).toEqual([])
    let spent = refresh
    for (const now of [start + minute, start + 2 * minute, start + day]) {
      const pair = newPair()
      expect(await rotate(spent, pair, { now })).toMatchObject({ _tag: 'Rotated' })
      spent = pair[1]
    }
    expect(await count(ada.id)).toEqual([
      { day: start, refreshes: 2 },
      { day: start + day, refreshes: 1 },
    ])
    expect(await count(ada.id, start + day)).toEqual([{ day: start + day, refreshes: 1 }])
    expect((await count(ada.id, start, 1)).map(({ refreshes }) => refreshes)).toEqual([1])
    expect(await count(bob.id)).toEqual([])
  })
}
