/** Databases of one cluster, made and opened when they are needed: a world has one to itself, and leaves it empty. */
import { Client } from 'pg'
import { postgres } from '../../src/postgres/index.ts'
import type { Storage, StorageSource } from '../../src/storage/storage.ts'

export interface Databases {
  readonly source: () => StorageSource
  close(): Promise<void>
}

export const databasesOf = (clusterUrl: () => string): Databases => {
  const opened: Storage[] = []
  const free: Storage[] = []

  const another = async (): Promise<Storage> => {
    const url = new URL(clusterUrl())
    url.pathname = `/world_${opened.length}`
    const client = new Client({ connectionString: clusterUrl() })
    await client.connect()
    await client.query(`CREATE DATABASE ${url.pathname.slice(1)}`)
    await client.end()
    const storage = await postgres({ url: url.href, connections: 2 }).open()
    opened.push(storage)
    return storage
  }

  return {
    source: () => ({
      open: async () => {
        const storage = free.pop() ?? (await another())
        const close = async () => {
          await storage.upkeep.wipe()
          free.push(storage)
        }
        return { ...storage, upkeep: { ...storage.upkeep, close } }
      },
    }),
    close: async () => {
      await Promise.all(opened.map((storage) => storage.upkeep.close()))
    },
  }
}
