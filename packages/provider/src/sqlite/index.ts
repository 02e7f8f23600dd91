/** SQLite, embedded (`node:sqlite`): a file for one machine, or memory for a test. Durable: WAL, `synchronous=FULL`. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Storage, StorageCannotOpen, type StorageSource } from '../storage/storage.ts'
import { apiKeyStorage } from './api-keys.ts'
import { appStorage, secretStorage } from './apps.ts'
import { auditStorage } from './audit.ts'
import { consentStorage, grantStorage } from './consents.ts'
import { deviceStorage } from './devices.ts'
import { type Engine, engineOf } from './engine.ts'
import { peopleStorage, sessionStorage } from './people.ts'
import { keepPrivate } from './private-file.ts'
import { migrate } from './schema.ts'
import { postStorage } from './posts.ts'
import { tokenStorage } from './tokens.ts'
import { upkeep } from './upkeep.ts'
import { verificationStorage } from './verification.ts'
import { walletStorage } from './wallet.ts'

export { backupSqlite } from './backup.ts'
export { StorageCannotOpen, StorageUnavailable } from '../storage/storage.ts'
export type { Storage, StorageSource } from '../storage/storage.ts'

export type SqliteOptions =
  /** A path. Its folder is made if there is none. */
  { readonly file: string; readonly memory?: false } | { readonly memory: true }

const storageOf = (engine: Engine): Storage => ({
  people: peopleStorage(engine),
  sessions: sessionStorage(engine),
  apps: appStorage(engine),
  secrets: secretStorage(engine),
  consents: consentStorage(engine),
  grants: grantStorage(engine),
  devices: deviceStorage(engine),
  tokens: tokenStorage(engine),
  apiKeys: apiKeyStorage(engine),
  wallet: walletStorage(engine),
  posts: postStorage(engine),
  verification: verificationStorage(engine),
  audit: auditStorage(engine),
  upkeep: upkeep(engine),
})

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

/** Opens on `open()`; the file is readable by its owner only. @throws {StorageCannotOpen} with one sentence that says what to do. */
export const sqlite = (options: SqliteOptions): StorageSource => ({
  open: async () => {
    const file = options.memory ? ':memory:' : options.file
    try {
      if (!options.memory) {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
        keepPrivate(file)
      }
      const database = new DatabaseSync(file, { timeout: 5000 })
      if (!options.memory) database.exec('PRAGMA journal_mode = WAL')
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
