import { describe, expect, it } from 'vitest'
import { memoryStore } from '../src/store/memory.ts'
import { type Setting, type Tally, runChaos } from './chaos.ts'

/** Few people and rounds each day; some 10,000 refreshes in all when everything is verified. */
const full = process.env['VERIFY'] === '1'
const [people, rounds] = full ? [10, 150] : [2, 8]
const patience = full ? 1_200_000 : 60_000
const seed = 20_261_121

const print = (name: string, { requests, refreshes, sentTwice, silentRestores, interrupted, slowestMs }: Tally) =>
  console.info(
    `K10 ${name}: ${requests} requests, ${refreshes} refreshes, ${sentTwice} sent twice, ${silentRestores} silent restores, ${interrupted.length} interrupted, slowest ${Math.round(slowestMs)} ms`,
  )

const run = async (name: string, setting: Omit<Setting, 'people' | 'rounds'>) => {
  const tally = await runChaos({ ...setting, people, rounds }, seed)
  print(name, tally)
  expect(tally.interrupted).toEqual([])
  return tally
}

describe('K10 under faults of every kind', () => {
  it.each(['documented', 'observed'] as const)(
    '(a) a store, four processes, %s: nobody is interrupted, nothing is sent twice',
    { timeout: patience },
    async (profile) => {
      const tally = await run(`(a) ${profile}`, { profile, processes: 4, store: memoryStore() })
      expect(tally.sentTwice).toBe(0)
    },
  )

  it('(b) sealed cookies, four processes, documented: nobody is interrupted', { timeout: patience }, async () => {
    await run('(b) documented', { profile: 'documented', processes: 4 })
  })

  it(
    '(c) sealed cookies, one process, observed: nobody is interrupted, nothing is sent twice',
    { timeout: patience },
    async () => {
      const tally = await run('(c) observed', { profile: 'observed', processes: 1 })
      expect(tally.sentTwice).toBe(0)
    },
  )
})
