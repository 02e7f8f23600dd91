import { afterAll, beforeAll, expect, it } from 'vitest'
import { postgresStore } from '../../src/store/postgres.ts'
import { type TestPostgres, startPostgres } from '../support/postgres.ts'
import { storeContract } from './contract.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
}, 60_000)
afterAll(() => postgres.close())

storeContract('the Postgres store', () => postgresStore(postgres.pool))

it('makes its tables once, however many processes start at the same time', async () => {
  for (let round = 0; round < 5; round++) {
    const table = `started_together_${round}`
    const stores = Array.from({ length: 10 }, () => postgresStore(postgres.pool, { table }))
    expect(await Promise.all(stores.map((store) => store.load('none')))).toEqual(Array.from({ length: 10 }))
  }
})

it('takes no table name that is more than a name', () => {
  expect(() => postgresStore(postgres.pool, { table: 'x; drop table y' })).toThrow('plain table name')
})

it('X3 makes its tables when the database comes back, and not only when it was there at the start', async () => {
  let down = true
  const store = postgresStore(
    {
      query: async (text, values) => {
        if (down) throw new Error('connection refused')
        return postgres.pool.query(text, values)
      },
    },
    { table: 'came_back' },
  )
  await expect(store.load('none')).rejects.toThrow('connection refused')
  down = false
  expect(await store.load('none')).toBeUndefined()
})

it('forgets what has run out, sessions and leases that nobody released', async () => {
  const { pool } = postgres
  const first = postgresStore(pool, { table: 'forgetful' })
  await first.save('old', { value: 'x', userId: 'ada', expiresAt: Date.now() - 1 })
  await first.save('new', { value: 'y', userId: 'ada', expiresAt: Date.now() + 60_000 })
  await first.lease('held', 'one', 60_000)
  await first.lease('left', 'one', 60_000)
  await pool.query(`update forgetful_lease set until = until - interval '2 hours' where id = 'left'`)
  // Another process's first: each looks once in a thousand times.
  await postgresStore(pool, { table: 'forgetful' }).save('newer', {
    value: 'z',
    userId: 'ada',
    expiresAt: Date.now() + 60_000,
  })
  const ids = async (table: string) =>
    (await pool.query(`select id from ${table} order by id`)).rows.map(({ id }) => String(id))
  expect([await ids('forgetful'), await ids('forgetful_lease')]).toEqual([['new', 'newer'], ['held']])
})
