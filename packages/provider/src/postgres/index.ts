/** Postgres, for many: any number of provider processes over one database, each operation one statement. */
import { type Storage, StorageCannotOpen, type StorageSource } from '../storage/storage.ts'
import { apiKeyStorage } from './api-keys.ts'
import { appStorage, secretStorage } from './apps.ts'
import { auditStorage } from './audit.ts'
import { consentStorage, grantStorage } from './consents.ts'
import { deviceStorage } from './devices.ts'
import { type Engine, engineOf } from './engine.ts'
import { limitStorage } from './limits.ts'
import { peopleStorage, sessionStorage } from './people.ts'
import { postStorage } from './posts.ts'
import { migration } from './schema.ts'
import { tokenStorage } from './tokens.ts'
import { upkeep } from './upkeep.ts'
import { verificationStorage } from './verification.ts'
import { walletStorage } from './wallet.ts'

export { StorageCannotOpen, StorageUnavailable } from '../storage/storage.ts'
export type { Storage, StorageSource } from '../storage/storage.ts'

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. Postgres 14 or newer. */
  readonly url: string
  /** Ten unless told. Statements overlap on each. */
  readonly connections?: number
  /** How long a statement may take before the caller hears 503. Five seconds unless told. */
  readonly waitMs?: number
}

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
  limits: limitStorage(engine),
  upkeep: upkeep(engine),
})

/** Where it is, without the password. */
const placeOf = (url: string): string =>
  URL.canParse(url) ? `${new URL(url).host}${new URL(url).pathname}` : 'the address given'

/** Opens on `open()`, migrating forward under an advisory lock. @throws {StorageCannotOpen} with one sentence. */
export const postgres = ({ url, connections = 10, waitMs = 5000 }: PostgresOptions): StorageSource => ({
  open: async () => {
    const engine = engineOf(url, connections, waitMs)
    try {
      await engine.execute(migration)
    } catch (cause) {
      const why = cause instanceof Error ? cause.message || ((cause as { code?: string }).code ?? '') : ''
      throw new StorageCannotOpen(
        `Cannot open the Postgres database at ${placeOf(url)}: ${why}. Check DATABASE_URL, and that the server runs.`,
        cause,
      )
    }
    return storageOf(engine)
  },
})
