import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from '../../src/sqlite/index.ts'
import { storageContract } from '../storage/contract.ts'

storageContract('SQLite in memory', async () => {
  const storage = await sqlite({ memory: true }).open()
  return { storage, other: undefined, close: () => storage.upkeep.close() }
})

storageContract('a SQLite file, from two connections', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
  const source = sqlite({ file: join(folder, 'data.sqlite') })
  const [storage, other] = [await source.open(), await source.open()]
  return {
    storage,
    other,
    close: async () => {
      await Promise.all([storage.upkeep.close(), other.upkeep.close()])
      rmSync(folder, { recursive: true })
    },
  }
})
