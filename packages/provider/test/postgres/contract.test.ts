import { afterAll, beforeAll } from 'vitest'
import { postgres } from '../../src/postgres/index.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { type Cluster, startPostgres } from '../support/postgres.ts'
import { storageContract } from '../storage/contract.ts'

let cluster: Cluster
let storage: Storage
let other: Storage

beforeAll(async () => {
  cluster = await startPostgres()
  const source = postgres({ url: cluster.url })
  ;[storage, other] = await Promise.all([source.open(), source.open()])
})

afterAll(async () => {
  await Promise.all([storage.upkeep.close(), other.upkeep.close()])
  await cluster.stop()
})

storageContract("Postgres, from two processes' worth of connections", async () => ({
  storage,
  other,
  close: () => storage.upkeep.wipe(),
}))
