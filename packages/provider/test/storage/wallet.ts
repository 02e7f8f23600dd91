import { expect } from 'vitest'
import type { Storage } from '../../src/index.ts'
import { digest } from '../../src/token.ts'
import type { Contract } from './contract.ts'
import { type Given, start, minute, profile, tally } from './given.ts'

type Spend = Parameters<Storage['wallet']['spend']>[0]

const spendOf =
  ({ storage, bob, app }: Given) =>
  (amount: number, changes: Partial<Spend> = {}, on = storage) =>
    on.wallet.spend({
      personId: bob.id,
      clientId: app.clientId,
      currency: 'yellow',
      amount,
      reason: 'work',
      byToken: null,
      limit: null,
      caps: [],
      workflow: null,
      now: start,
      ...changes,
    })

export const wallet: Contract = (it) => {
  it('of many who spend at once only as many succeed as there is, and the ledger says so', async (given) => {
    const { storage, ada, bob, racing } = given
    const spend = spendOf(given)
    await storage.wallet.credit(bob.id, 'yellow', 100, 'To begin with', start)
    const results = await racing(20, (on) => spend(30, {}, on))
    expect(tally(results)).toEqual({ Spent: 3, Broke: 17 })
    expect(await storage.wallet.balances(bob.id)).toEqual({ yellow: 10 })
    const ledger = await storage.wallet.ledger(bob.id, 'yellow', { before: null, limit: 10 })
    expect(ledger.map(({ amount }) => amount)).toEqual([-30, -30, -30, 100])
    expect(await spend(1, { personId: ada.id })).toEqual({ _tag: 'Broke' })
  })

  it('every cap holds, whoever races, in its time and its currencies', async (given) => {
    const { storage, bob, app, racing } = given
    const spend = spendOf(given)
    await storage.wallet.credit(bob.id, 'yellow', 10_000, 'To begin with', start)
    const caps = [
      { limit: 50, since: start, currencies: null },
      { limit: 1_000, since: null, currencies: ['yellow'] },
    ]
    const results = await racing(12, (on) => spend(10, { caps }, on))
    expect(tally(results)).toEqual({ Spent: 5, Capped: 7 })
    expect(await storage.wallet.spent(bob.id, app.clientId, caps)).toEqual([50, 50])
    const later = [{ limit: 50, since: start + 1, currencies: null }]
    expect(await spend(50, { caps: later, now: start + 1 })).toMatchObject({ _tag: 'Spent' })
    expect(await spend(1, { caps: [{ limit: 1, since: null, currencies: ['blue'] }] })).toMatchObject({
      _tag: 'Spent',
    })
    expect(await storage.wallet.spent(bob.id, 'another', caps)).toEqual([0, 0])
  })

  it('is Stale when the limit is another than the caps were drawn from, and takes nothing', async (given) => {
    const { storage, ada, bob, app, codeFor } = given
    const spend = spendOf(given)
    await codeFor()
    await storage.wallet.credit(bob.id, 'yellow', 100, 'To begin with', start)
    const limit = [{ type: 'absolute', limit: 5 }] as const
    expect(await storage.grants.setBuzzLimit(bob.id, app.clientId, limit, start)).toEqual({ _tag: 'Changed' })
    expect(await storage.grants.setBuzzLimit(ada.id, app.clientId, limit, start)).toEqual({ _tag: 'NotFound' })
    expect(await spend(1)).toEqual({ _tag: 'Stale' })
    expect(await spend(1, { limit })).toEqual({ _tag: 'Spent', balance: 99 })
  })

  it('T4 F6 a token whose grant is removed spends no more, and never as if there were no limit, however the two race', async (given) => {
    const { storage, other, bob, app, signIn } = given
    const spend = spendOf(given)
    await storage.wallet.credit(bob.id, 'yellow', 100, 'To begin with', start)
    const limit = [{ type: 'absolute', limit: 5 }] as const
    for (let round = 0; round < 10; round++) {
      const [access] = await signIn()
      await storage.grants.setBuzzLimit(bob.id, app.clientId, limit, start)
      const byToken = digest(access)
      // As a caller that read "no grant", or read the limit, a moment before.
      const results = await Promise.all([
        storage.grants.revoke(bob.id, app.clientId, start),
        spend(50, { byToken }, other ?? storage),
        spend(50, { byToken }),
      ])
      for (const { _tag } of results.slice(1)) expect(['Stale', 'Ended']).toContain(_tag)
      expect(await spend(1, { byToken })).toEqual({ _tag: 'Ended' })
      expect(await spend(1, { byToken, limit })).toEqual({ _tag: 'Ended' })
    }
    expect(await storage.wallet.balances(bob.id)).toEqual({ yellow: 100 })
  })

  it('T4 a token spends while it lives, and none that is revoked, run out or unknown does', async (given) => {
    const { storage, bob, app, signIn } = given
    const spend = spendOf(given)
    await storage.wallet.credit(bob.id, 'yellow', 100, 'To begin with', start)
    const [access, refresh] = await signIn()
    const byToken = digest(access)
    expect(await spend(1, { byToken })).toEqual({ _tag: 'Spent', balance: 99 })
    expect(await spend(1, { byToken, now: start + 60 * minute })).toEqual({ _tag: 'Ended' })
    expect(await spend(1, { byToken: digest('unknown') })).toEqual({ _tag: 'Ended' })
    const own = { accessHash: digest('own'), expiresAt: start + minute, now: start }
    const { clientId, revision } = app
    await storage.tokens.issueToClient({ clientId, revision, scopes: profile, ...own })
    expect(await spend(1, { byToken: digest('own') })).toEqual({ _tag: 'Spent', balance: 98 })
    const by = { _tag: 'Client', clientId } as const
    await storage.tokens.revoke({ hash: digest(refresh), by, now: start })
    expect(await spend(1, { byToken })).toEqual({ _tag: 'Ended' })
  })

  it('a workflow begins if and only if it was paid for', async (given) => {
    const { storage, ada, bob, app } = given
    const spend = spendOf(given)
    await storage.wallet.credit(bob.id, 'yellow', 5, 'To begin with', start)
    const workflow = (id: string) => ({ id, body: '{"steps":[]}', cost: 5, readyAt: start + 9 })
    expect(await spend(5, { workflow: workflow('one') })).toMatchObject({ _tag: 'Spent' })
    expect(await spend(5, { workflow: workflow('two') })).toEqual({ _tag: 'Broke' })
    const kept = { ...workflow('one'), clientId: app.clientId, createdAt: start }
    expect(await storage.wallet.workflows(bob.id, 9)).toEqual([kept])
    expect(await storage.wallet.workflow(bob.id, 'one')).toEqual(kept)
    expect(await storage.wallet.workflow(ada.id, 'one')).toBeNull()
  })
}
