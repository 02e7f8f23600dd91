/**
 * That the storage contract finds what it looks for: over operations taken apart on purpose, exactly the checks that race
 * them fail, on both engines.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgres } from '../../src/postgres/index.ts'
import { sqlite } from '../../src/sqlite/index.ts'
import { type Cluster, startPostgres } from '../support/postgres.ts'
import { takenApart } from '../support/taken-apart.ts'
import { worldOf } from '../support/world.ts'
import { contracts, proved } from './contract.ts'
import type { Opened } from './given.ts'

/** By operation: the part of the contract that speaks of it, and the checks that must fail. */
const races: Readonly<Record<string, readonly [part: keyof typeof contracts, sentences: readonly string[]]>> = {
  redeemCode: ['codes', ['C3 of many who redeem one code one wins']],
  rotateRefreshToken: [
    'tokens',
    ['F2 of many who rotate one token one begins the next generation, and the others get its salt'],
  ],
  recordConsent: ['consents', ['C3 of many answers to one request one counts, and the others hear what it was']],
  rotateSecret: ['apps', ['A8 U9 of many who rotate upon what they saw one counts, and its secret stands']],
  deleteApp: ['apps', ['O4 of many who delete one app one does, nothing lives on, and one event says so']],
}

const failuresIn = async (part: keyof typeof contracts, open: () => Promise<Opened>): Promise<readonly string[]> => {
  const checks: (readonly [sentence: string, run: () => Promise<void>])[] = []
  contracts[part]((sentence, check) => void checks.push([sentence, () => proved(check, open)]))
  const failed: string[] = []
  for (const [sentence, run] of checks)
    await run().catch((reason: Error) => {
      // Another error than a broken promise of the contract's would prove nothing.
      expect(reason.name).toBe('AssertionError')
      failed.push(sentence)
    })
  return failed
}

describe('an operation that is not atomic', () => {
  let cluster: Cluster
  beforeAll(async () => void (cluster = await startPostgres()))
  afterAll(() => cluster.stop())

  describe.each(Object.keys(takenApart))('%s', (operation) => {
    const [part, sentences] = races[operation] as (typeof races)[string]
    const broken = takenApart[operation] as (typeof takenApart)[string]

    it('fails the contract on SQLite, where callers race for it and nowhere else', async () => {
      const failed = await failuresIn(part, async () => {
        const storage = await sqlite({ memory: true }).open()
        return { storage: broken(storage, new Set()), other: undefined, close: () => storage.upkeep.close() }
      })
      expect(failed).toEqual(sentences)
    })

    it('fails the contract on Postgres, from two connections', async () => {
      const source = postgres({ url: cluster.url, connections: 4 })
      const [storage, other] = await Promise.all([source.open(), source.open()])
      const done = new Set<string>()
      const failed = await failuresIn(part, async () => ({
        storage: broken(storage, done),
        other: broken(other, done),
        close: () => storage.upkeep.wipe(),
      }))
      await Promise.all([storage.upkeep.close(), other.upkeep.close()])
      expect(failed).toEqual(sentences)
    })
  })

  it('C3 lets more than one of fifty apps win over the wire, so that race is one that can be lost, too', async () => {
    const done = new Set<string>()
    const redeemCode = takenApart['redeemCode'] as (typeof takenApart)[string]
    const world = await worldOf({
      storage: { open: async () => redeemCode(await sqlite({ memory: true }).open(), done) },
    })
    const client = await world.register()
    const code = await world.codeFor(client, await world.browserOf(world.bob))
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, async () => world.outcome(await world.exchange(client, code))),
    )
    expect(outcomes.filter((outcome) => outcome === 'ok').length).toBeGreaterThan(1)
    await world.provider.close()
  })
})
