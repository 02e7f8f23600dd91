import { expect } from 'vitest'
import type { Storage } from '../../src/index.ts'
import { digest } from '../../src/token.ts'
import type { Contract } from './contract.ts'
import { newPair, start, minute, address, profile, all, seen, tally } from './given.ts'

export const apps: Contract = (it) => {
  it('keeps what was registered', async ({ storage, register }) => {
    const name = 'Ràdio "x" 🦊 漢'
    const kept = await register({
      name,
      redirectUris: [address, 'http://localhost:3000/cb'],
      type: 'public',
      secretHash: null,
    })
    expect(await storage.apps.find(kept.clientId)).toEqual(kept)
    expect(kept).toMatchObject({ name, scopes: all, version: 1, secret: null, nextSecret: null, createdAt: start })
    expect(await storage.apps.find('unknown')).toBeNull()
  })

  it('of two edits that began at the same version one is kept, and every edit counts up', async ({
    storage,
    ada,
    bob,
    app,
    racing,
  }) => {
    const fields = { name: 'New', description: '', redirectUris: [address], scopes: profile, reach: profile }
    const results = await racing(6, (on, at) =>
      on.apps.edit(app.clientId, ada.id, 1, { ...fields, name: `New ${at}` }, start + 1),
    )
    expect(tally(results)).toEqual({ Edited: 1, Conflict: 5 })
    const standing = await storage.apps.find(app.clientId)
    expect(standing).toMatchObject({ version: 2, updatedAt: start + 1, scopes: profile })
    expect(standing?.revision).toBeGreaterThan(app.revision)
    expect(await storage.apps.edit(app.clientId, bob.id, 2, fields, start)).toEqual({ _tag: 'NotFound' })
  })

  it('a prepared secret stands beside the current one and takes its place; without one the new one does', async ({
    storage,
    ada,
    bob,
    app,
    register,
  }) => {
    const { clientId } = app
    const prepared = await storage.secrets.prepare(clientId, ada.id, seen(start), digest('next'), start + 4)
    expect(prepared).toMatchObject({ _tag: 'Changed', app: { version: 1 } })
    await storage.secrets.touch(clientId, digest('next'), start + 5)
    const promoted = await storage.secrets.rotate(clientId, ada.id, seen(start, start + 4), digest('unused'), start)
    expect(promoted).toMatchObject({ promoted: true, app: { nextSecret: null, secret: { lastUsedAt: start + 5 } } })
    const replaced = await storage.secrets.rotate(clientId, ada.id, seen(start + 4), digest('third'), start + 9)
    if (replaced._tag !== 'Changed') throw new Error('not changed')
    expect(replaced.promoted).toBe(false)
    expect(Buffer.from(replaced.app.secret?.hash ?? [])).toEqual(digest('third'))
    expect(replaced.app.revision).toBeGreaterThan(app.revision)
    expect(await storage.secrets.rotate(clientId, bob.id, seen(start + 9), digest('x'), start)).toEqual({
      _tag: 'NotFound',
    })
    const open = await register({ type: 'public', secretHash: null })
    expect(await storage.secrets.rotate(open.clientId, ada.id, seen(null), digest('x'), start)).toEqual({
      _tag: 'NotConfidential',
    })
  })

  for (const change of ['rotate', 'prepare'] as const)
    it(`A8 U9 of many who ${change} upon what they saw one counts, and its secret stands`, async ({
      storage,
      ada,
      app,
      racing,
    }) => {
      const results = await racing(6, (on, at) =>
        on.secrets[change](app.clientId, ada.id, seen(start), digest(`secret ${at}`), start + 1 + at),
      )
      expect(tally(results)).toEqual({ Changed: 1, Conflict: 5 })
      const winner = results.findIndex(({ _tag }) => _tag === 'Changed')
      const standing = await storage.apps.find(app.clientId)
      const kept = change === 'rotate' ? standing?.secret : standing?.nextSecret
      expect(kept).toMatchObject({ createdAt: start + 1 + winner })
      expect(Buffer.from(kept?.hash ?? [])).toEqual(digest(`secret ${winner}`))
      for (const result of results) if (result._tag === 'Conflict') expect(result.app).toEqual(standing)
      expect((await storage.audit.ofApp(app.clientId, ada.id, { before: null, limit: 9 })).length).toBe(2)
    })

  it('O4 of many who delete one app one does, nothing lives on, and one event says so', async (given) => {
    const { storage, ada, app, codeFor, redeem, rotate, signIn, isAlive, racing } = given
    const [[access, refresh], code] = [await signIn(), await codeFor()]
    const pairs = Array.from({ length: 12 }, newPair)
    const move = (on: Storage, at: number): Promise<{ readonly _tag: string }> => {
      if (at % 3 === 0) return on.apps.delete(app.clientId, ada.id, start)
      return at % 3 === 1 ? redeem(code, pairs[at], {}, on) : rotate(refresh, pairs[at], {}, on)
    }
    const results = await racing(12, move)
    expect(tally(results.filter((_, at) => at % 3 === 0))).toEqual({ Deleted: 1, NotFound: 3 })
    for (const [one] of [[access], ...pairs]) expect(await isAlive(one as string)).toBe(false)
    const events = await storage.audit.ofApp(app.clientId, ada.id, { before: null, limit: 20 })
    expect(events.filter(({ kind }) => kind === 'app-deleted')).toHaveLength(1)
  })

  it('O4 what was of an app stays dead when another takes its id', async ({
    storage,
    ada,
    bob,
    app,
    register,
    signIn,
    rotate,
    isAlive,
  }) => {
    const [[access, refresh], own] = [await signIn(), digest('its own token')]
    await storage.tokens.issueToClient({
      clientId: app.clientId,
      revision: app.revision,
      scopes: all,
      accessHash: own,
      expiresAt: start + minute,
      now: start,
    })
    expect(await storage.tokens.find(own, start)).not.toBeNull()
    await storage.apps.delete(app.clientId, ada.id, start)
    await register({ clientId: app.clientId })
    expect(await storage.grants.find(bob.id, app.clientId)).toBeNull()
    expect([await isAlive(access), await storage.tokens.find(own, start)]).toEqual([false, null])
    expect(await rotate(refresh)).toEqual({ _tag: 'Ended' })
  })

  it('counts and lists', async ({ storage, ada, app, register, signIn }) => {
    await signIn()
    await storage.tokens.issueToClient({
      clientId: app.clientId,
      revision: app.revision,
      scopes: profile,
      accessHash: digest('own'),
      expiresAt: start + minute,
      now: start,
    })
    expect(await storage.apps.count(app.clientId, start)).toEqual({ people: 1, liveTokens: 3 })
    expect(await storage.apps.count(app.clientId, start + 90 * minute)).toEqual({ people: 1, liveTokens: 1 })
    const second = await register({ name: 'Second' })
    const page = await storage.apps.list(ada.id, { query: '', after: null, limit: 1 }, start)
    expect(page).toMatchObject({ total: 2, more: true, apps: [{ clientId: second.clientId, people: 0 }] })
    const next = await storage.apps.list(ada.id, { query: '', after: second.clientId, limit: 1 }, start)
    expect(next).toMatchObject({ more: false, apps: [{ clientId: app.clientId, people: 1, liveTokens: 3 }] })
    expect(await storage.apps.list(ada.id, { query: 'SEC', after: null, limit: 9 }, start)).toMatchObject({
      total: 1,
    })
  })
}
