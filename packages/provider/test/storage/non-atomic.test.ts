/**
 * That the storage contract finds what it looks for: over operations taken apart on purpose, exactly the checks that race
 * them fail, on both engines.
 */
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { functions } from '../../src/postgres/functions.ts'
import { postgres } from '../../src/postgres/index.ts'
import { sqlite } from '../../src/sqlite/index.ts'
import { type Cluster, startPostgres } from '../support/postgres.ts'
import { takenApart } from '../support/taken-apart.ts'
import { worldOf } from '../support/world.ts'
import { type Check, contracts, proved } from './contract.ts'
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

/** The first thing each of those functions does: it takes the row, and whoever comes second waits. */
const locking = /(SELECT \* INTO \w+ FROM (?:codes|generations|requests|apps) WHERE [^;]+?) FOR UPDATE;/g

const checksOf = (part: keyof typeof contracts): readonly (readonly [sentence: string, check: Check])[] => {
  const checks: (readonly [string, Check])[] = []
  contracts[part]((sentence, check) => void checks.push([sentence, check]))
  return checks
}

const fails = async (check: Check, open: () => Promise<Opened>): Promise<boolean> => {
  try {
    await proved(check, open)
    return false
  } catch (reason) {
    // Another error than a broken promise of the contract's would prove nothing.
    expect((reason as Error).name).toBe('AssertionError')
    return true
  }
}

const failuresIn = async (part: keyof typeof contracts, open: () => Promise<Opened>): Promise<readonly string[]> => {
  const failed: string[] = []
  for (const [sentence, check] of checksOf(part)) if (await fails(check, open)) failed.push(sentence)
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

  it('fails the contract on Postgres also where a function only forgets to lock the row that is raced for', async () => {
    const storage = await postgres({ url: cluster.url, connections: 8 }).open()
    const client = new Client({ connectionString: cluster.url })
    await client.connect()
    await client.query(functions.replaceAll(locking, '$1 AND pg_sleep(0.02) IS NOT NULL;'))
    const open = async () => ({ storage, other: undefined, close: () => storage.upkeep.wipe() })
    for (const operation of ['redeemCode', 'rotateRefreshToken', 'recordConsent', 'deleteApp']) {
      const [part, sentences] = races[operation] as (typeof races)[string]
      const raced = checksOf(part).filter(([sentence]) => sentences.includes(sentence))
      for (const [sentence, check] of raced) expect(await fails(check, open), sentence).toBe(true)
    }
    await client.query(functions)
    await client.end()
    await storage.upkeep.close()
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
