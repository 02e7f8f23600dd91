import { expect } from 'vitest'
import type { Storage } from '../../src/index.ts'
import { digest, mint } from '../../src/token.ts'
import type { Contract } from './contract.ts'
import { start, minute, address, profile, buzzRead, all, newCode, tally } from './given.ts'

export const consents: Contract = (it) => {
  it('C3 of many answers to one request one counts, and the others hear what it was', async ({
    keepRequest,
    approval,
    racing,
  }) => {
    const request = await keepRequest()
    const results = await racing(8, (on) =>
      on.consents.recordConsent(approval(request, { code: newCode(mint('code')) })),
    )
    expect(tally(results)).toEqual({ Recorded: 1, Repeated: 7 })
  })

  it('U3 another session finds nothing and answers nothing', async ({
    storage,
    bob,
    session,
    keepRequest,
    approval,
  }) => {
    const request = await keepRequest()
    const sessionHash = digest('another')
    expect(await storage.consents.find(request, sessionHash, start)).toBeNull()
    expect(await storage.consents.recordConsent(approval(request, { sessionHash }))).toEqual({ _tag: 'Gone' })
    const denial = { requestHash: request, sessionHash, personId: bob.id, now: start }
    expect(await storage.consents.recordDenial(denial)).toEqual({ _tag: 'Gone' })
    expect(await storage.consents.find(request, session, start)).toMatchObject({ answer: null, requested: all })
  })

  it('runs out', async ({ storage, session, keepRequest, approval }) => {
    const request = await keepRequest()
    const now = start + 30 * minute
    expect(await storage.consents.find(request, session, now)).toBeNull()
    expect(await storage.consents.recordConsent(approval(request, { now }))).toEqual({ _tag: 'Gone' })
  })

  it('after Deny there is no Authorize, and after Authorize no Deny', async ({
    storage,
    bob,
    session,
    keepRequest,
    approval,
  }) => {
    const [denied, approved] = [await keepRequest(), await keepRequest()]
    const denial = (requestHash: Uint8Array) => ({
      requestHash,
      sessionHash: session,
      personId: bob.id,
      now: start,
    })
    expect(await storage.consents.recordDenial(denial(denied))).toEqual({ _tag: 'Recorded' })
    expect(await storage.consents.recordConsent(approval(denied))).toEqual({ _tag: 'Gone' })
    expect(await storage.consents.recordConsent(approval(approved))).toEqual({ _tag: 'Recorded' })
    expect(await storage.consents.recordDenial(denial(approved))).toEqual({ _tag: 'Gone' })
  })

  it('R3 is Stale when the app has changed since it was checked, and grants nothing', async ({
    storage,
    ada,
    bob,
    app,
    keepRequest,
    approval,
  }) => {
    const request = await keepRequest()
    const fields = { name: 'N', description: '', redirectUris: [address], scopes: profile, reach: profile }
    await storage.apps.edit(app.clientId, ada.id, 1, fields, start)
    expect(await storage.consents.recordConsent(approval(request))).toEqual({ _tag: 'Stale' })
    expect(await storage.grants.find(bob.id, app.clientId)).toBeNull()
  })

  it('grants add up; what is not ticked is not remembered', async ({ storage, ada, bob, app, codeFor }) => {
    await codeFor({ code: newCode('a', { scopes: profile }), remember: true })
    expect(await storage.grants.find(bob.id, app.clientId)).toMatchObject({ scopes: profile, remembered: profile })
    const limit = [{ type: 'absolute', limit: 5 }] as const
    await codeFor({ code: newCode('b', { scopes: buzzRead }), remember: true, buzzLimit: limit })
    expect(await storage.grants.find(bob.id, app.clientId)).toMatchObject({
      scopes: all,
      remembered: all,
      buzzLimit: limit,
    })
    await codeFor({ code: newCode('c'), remember: false })
    expect(await storage.grants.find(bob.id, app.clientId)).toMatchObject({
      scopes: all,
      remembered: 0,
      buzzLimit: limit,
    })
    await codeFor({ code: newCode('d'), buzzLimit: null })
    expect(await storage.grants.find(bob.id, app.clientId)).toMatchObject({ buzzLimit: null, createdAt: start })
    expect(await storage.grants.list(bob.id)).toMatchObject([{ app: { name: 'Radio' }, grant: { scopes: all } }])
    expect(await storage.grants.list(ada.id)).toEqual([])
  })

  it('U5 passes without a page only where it is remembered at that moment', async ({ storage, bob, app, codeFor }) => {
    const silently = (scopes: number) =>
      storage.consents.approveRemembered({
        personId: bob.id,
        clientId: app.clientId,
        revision: app.revision,
        code: newCode(mint('code'), { scopes }),
        now: start,
      })
    expect(await silently(profile)).toEqual({ _tag: 'NotCovered' })
    await codeFor({ code: newCode('a', { scopes: profile }) })
    expect(await silently(profile)).toEqual({ _tag: 'Recorded' })
    expect(await silently(all)).toEqual({ _tag: 'NotCovered' })
    await storage.grants.revoke(bob.id, app.clientId, start)
    expect(await silently(profile)).toEqual({ _tag: 'NotCovered' })
  })

  it('U8 a direct approval is a grant that is not remembered, and Stale for an older copy of the app', async ({
    storage,
    bob,
    app,
    redeem,
  }) => {
    const approve = (revision: number) =>
      storage.consents.approveDirectly({
        personId: bob.id,
        clientId: app.clientId,
        revision,
        byToken: null,
        code: newCode('direct', { scopes: profile }),
        now: start,
      })
    expect(await approve(app.revision + 1)).toEqual({ _tag: 'Stale' })
    expect(await approve(app.revision)).toEqual({ _tag: 'Recorded' })
    expect(await storage.grants.find(bob.id, app.clientId)).toMatchObject({ scopes: profile, remembered: 0 })
    expect(await redeem('direct')).toMatchObject({ _tag: 'Redeemed', scopes: profile })
  })

  it('T4 F6 a token that approves cannot bring back the grant it lived by, however the two race', async ({
    storage,
    other,
    bob,
    app,
    redeem,
    signIn,
  }) => {
    for (let round = 0; round < 10; round++) {
      const [access] = await signIn()
      const approve = (on: Storage) =>
        on.consents.approveDirectly({
          personId: bob.id,
          clientId: app.clientId,
          revision: app.revision,
          byToken: digest(access),
          code: newCode(`direct ${round}`, { scopes: profile }),
          now: start,
        })
      const [removed, approved] = await Promise.all([
        storage.grants.revoke(bob.id, app.clientId, start),
        approve(other ?? storage),
      ])
      expect(removed).toEqual({ _tag: 'Revoked' })
      expect(['Recorded', 'Ended']).toContain(approved._tag)
      expect(await storage.grants.find(bob.id, app.clientId)).toBeNull()
      expect(await approve(storage)).toEqual({ _tag: 'Ended' })
      expect((await redeem(`direct ${round}`))._tag).not.toBe('Redeemed')
    }
  })
}
