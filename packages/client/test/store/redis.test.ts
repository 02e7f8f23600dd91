import { afterAll, beforeAll } from 'vitest'
import { redisStore } from '../../src/store/redis.ts'
import { type TestRedis, startRedis } from '../support/redis.ts'
import { storeContract } from './contract.ts'

let redis: TestRedis
beforeAll(async () => {
  redis = await startRedis()
}, 30_000)
afterAll(() => redis.close())

storeContract('the Redis store', () => redisStore((command) => redis.send(command)))
