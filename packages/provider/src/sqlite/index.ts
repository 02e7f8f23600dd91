/** SQLite, embedded (`node:sqlite`): a file for one machine, or memory for a test. Durable: WAL, `synchronous=FULL`. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StorageCannotOpen, type StorageSource } from '../storage/storage.ts'
import { engineOf } from './engine.ts'
import { keepPrivate } from './private-file.ts'
import { migrate } from './schema.ts'
import { storageOf } from './storage.ts'
import { writeAhead } from './write-ahead.ts'

export { backupSqlite } from './backup.ts'
export { StorageCannotOpen, StorageUnavailable } from '../storage/storage.ts'
export type { Storage, StorageSource } from '../storage/storage.ts'

export type SqliteOptions =
  /** A path. Its folder is made if there is none. */
  { readonly file: string; readonly memory?: false } | { readonly memory: true }

const causes: Record<string, string> = {
  EACCES: 'it may not be read or written by this user',
  EISDIR: 'it is a folder',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
  ENOSPC: 'the disk is full',
}

const whyNot = (cause: unknown): string => {
  const { code, message } = cause as { code?: string; message?: string }
  return causes[code ?? ''] ?? message ?? 'unknown reason'
}

/** How long another process is waited for. */
const waitMs = 5000

/** Opens on `open()`; the file is readable by its owner only. @throws {StorageCannotOpen} with one sentence that says what to do. */
export const sqlite = (options: SqliteOptions): StorageSource => ({
  open: async () => {
    const file = options.memory ? ':memory:' : options.file
    try {
      if (!options.memory) {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
        keepPrivate(file)
      }
      const database = new DatabaseSync(file, { timeout: waitMs })
      if (!options.memory) await writeAhead(database, waitMs)
      database.exec('PRAGMA synchronous = FULL')
      // 64 MiB of pages: keys are hashes, so each look-up is somewhere else.
      database.exec('PRAGMA cache_size = -65536')
      migrate(database)
      return storageOf(engineOf(database))
    } catch (cause) {
      throw new StorageCannotOpen(
        `Cannot open the data file ${file}: ${whyNot(cause)}. Choose another place, or mend its permissions.`,
        cause,
      )
    }
  },
})
