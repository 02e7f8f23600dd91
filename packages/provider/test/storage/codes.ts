import { expect } from 'vitest'
import type { KeptApp } from '../../src/storage/apps.ts'
import { digest, mint } from '../../src/token.ts'
import type { Contract } from './contract.ts'
import { newPair, start, minute, right, all, seen, newCode, tally } from './given.ts'

export const codes: Contract = (it) => {
  it('C3 of many who redeem one code one wins', async ({ codeFor, redeem, racing }) => {
    const code = await codeFor()
    const results = await racing(20, (on) => redeem(code, undefined, {}, on))
    expect(tally(results)).toEqual({ Redeemed: 1, Repeated: 19 })
  })

  it('C1 C2 a repeat ends nothing for thirty seconds, and the family after that', async ({
    bob,
    codeFor,
    redeem,
    rotate,
    isAlive,
  }) => {
    const code = await codeFor()
    const pair = newPair()
    expect(await redeem(code, pair)).toEqual({ _tag: 'Redeemed', scopes: all, personId: bob.id })
    expect(await redeem(code, undefined, { now: start + 30_000 })).toEqual({ _tag: 'Repeated' })
    expect(await isAlive(pair[0])).toBe(true)
    expect(await redeem(code, undefined, { now: start + 30_001 })).toEqual({ _tag: 'Reused' })
    expect(await isAlive(pair[0])).toBe(false)
    expect(await rotate(pair[1])).toEqual({ _tag: 'Ended' })
  })

  const mistakes = [
    ['client', { clientId: 'another' }],
    ['redirect_uri', { redirectUri: 'https://evil.example' }],
    ['code_verifier', { expected: { S256: 'wrong', plain: 'wrong' } }],
  ] as const
  for (const [part, changes] of mistakes)
    it(`C4 a wrong ${part} burns it`, async ({ codeFor, redeem, isAlive }) => {
      const code = await codeFor()
      expect(await redeem(code, undefined, changes)).toEqual({ _tag: 'Mismatched', part })
      expect(await redeem(code, undefined, { now: start + minute })).toEqual({ _tag: 'Reused' })
      const used = await codeFor()
      const pair = newPair()
      await redeem(used, pair)
      expect(await redeem(used, undefined, changes)).toEqual({ _tag: 'Reused' })
      expect(await isAlive(pair[0])).toBe(false)
    })

  it('C8 the method is the one that was stored', async ({ codeFor, redeem }) => {
    const code = mint('code')
    await codeFor({ code: newCode(code, { challengeMethod: 'plain', challenge: right.plain }) }, code)
    expect(await redeem(code, undefined, { expected: { S256: right.plain, plain: 'other' } })).toMatchObject({
      _tag: 'Mismatched',
    })
  })

  it('C10 one that lost its challenge fails closed', async ({ codeFor, redeem }) => {
    const code = mint('code')
    await codeFor({ code: newCode(code, { challenge: '' }) }, code)
    expect(await redeem(code, undefined, { expected: { S256: '', plain: '' } })).toMatchObject({
      _tag: 'Mismatched',
    })
  })

  it('C9 expires at its moment', async ({ codeFor, redeem }) => {
    const [late, early] = [await codeFor(), await codeFor()]
    expect(await redeem(late, undefined, { now: start + 10 * minute })).toEqual({ _tag: 'Expired' })
    expect(await redeem(early, undefined, { now: start + 10 * minute - 1 })).toMatchObject({ _tag: 'Redeemed' })
    expect(await redeem('never issued')).toEqual({ _tag: 'Unknown' })
  })

  it('F6 is Ended after removal, Stale after a change of the app, Unknown after its deletion', async ({
    storage,
    ada,
    bob,
    app,
    codeFor,
    redeem,
  }) => {
    const [first, second] = [await codeFor(), await codeFor()]
    await storage.secrets.rotate(app.clientId, ada.id, seen(start), digest('new'), start)
    expect(await redeem(first)).toEqual({ _tag: 'Stale' })
    const { revision } = (await storage.apps.find(app.clientId)) as KeptApp
    expect(await redeem(first, undefined, { revision })).toMatchObject({ _tag: 'Redeemed' })
    await storage.grants.revoke(bob.id, app.clientId, start)
    expect(await redeem(second, undefined, { revision })).toEqual({ _tag: 'Ended' })
    await storage.apps.delete(app.clientId, ada.id, start)
    expect(await redeem(second, undefined, { revision })).toEqual({ _tag: 'Unknown' })
  })
}
