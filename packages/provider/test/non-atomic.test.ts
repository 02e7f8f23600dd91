/** That the contract suite's races find what they look for: the same races, over operations taken apart on purpose. */
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Storage, StorageSource } from '../src/index.ts'
import { sqlite } from '../src/sqlite/index.ts'
import { worldOf } from './support/world.ts'

/** Asks whether the code is good, and redeems it a moment later: as a storage of rows would have it. */
const inTwoSteps: StorageSource = {
  open: async (): Promise<Storage> => {
    const storage = await sqlite({ memory: true }).open()
    const used = new Set<string>()
    const redeemCode: Storage['tokens']['redeemCode'] = async (redemption) => {
      const key = Buffer.from(redemption.codeHash).toString('hex')
      if (used.has(key)) return { _tag: 'Reused' }
      await wait(2 + Math.random() * 10)
      used.add(key)
      const result = await storage.tokens.redeemCode(redemption)
      // What was checked is believed: whoever got this far is given tokens.
      return result._tag === 'Repeated' ? { _tag: 'Redeemed', scopes: 1, personId: 2 } : result
    }
    return { ...storage, tokens: { ...storage.tokens, redeemCode } }
  },
}

describe('an operation that is not atomic', () => {
  it('C3 lets more than one of fifty win, so the race is one that can be lost', async () => {
    const world = await worldOf({ storage: inTwoSteps })
    const client = await world.register()
    const code = await world.codeFor(client, await world.browserOf(world.bob))
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, async () => world.outcome(await world.exchange(client, code))),
    )
    expect(outcomes.filter((outcome) => outcome === 'ok').length).toBeGreaterThan(1)
    await world.provider.close()
  })
})
