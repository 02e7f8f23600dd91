import { expect, it } from 'vitest'
import { memoryStore } from '../../src/store/memory.ts'
import { storeContract } from './contract.ts'

const store = memoryStore()
storeContract('the memory store', () => store)

it('forgets what has run out, whatever was saved since', async () => {
  let now = 0
  const own = memoryStore(() => now)
  await own.save('old', { value: 'x', userId: 'ada', expiresAt: 10 })
  await own.lease('old', 'one', 10)
  await own.lease('kept', 'one', 1_000)
  now = 20
  for (let saves = 0; saves < 1_000; saves++) await own.save('new', { value: 'y', userId: 'ada', expiresAt: 1_000 })
  // Were it still there, it would come back with the clock.
  now = 5
  expect([await own.load('old'), await own.load('new')]).toEqual([undefined, 'y'])
  expect([await own.lease('old', 'two', 10), await own.lease('kept', 'two', 10)]).toEqual([true, false])
})
