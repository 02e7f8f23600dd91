/**
 * What the provider asks of a database: atomic protocol operations, not rows. Each operation is one transaction or one
 * statement on every engine, sees no other half done, and answers with a tagged result. Where two callers race, the
 * engine decides which of them wins; nothing above it reads first and writes later.
 *
 * Every failure that is the engine's own (disk full, connection lost) is thrown as `StorageUnavailable`.
 */
import type { ApiKeyStorage } from './api-keys.ts'
import type { AuditStorage } from './audit.ts'
import type { AppStorage, SecretStorage } from './apps.ts'
import type { ConsentStorage, GrantStorage } from './consents.ts'
import type { DeviceStorage } from './devices.ts'
import type { LimitStorage } from './limits.ts'
import type { PeopleStorage, SessionStorage } from './people.ts'
import type { PostStorage } from './posts.ts'
import type { TokenStorage } from './tokens.ts'
import type { VerificationStorage } from './verification.ts'
import type { WalletStorage } from './wallet.ts'

export interface Storage {
  readonly people: PeopleStorage
  readonly sessions: SessionStorage
  readonly apps: AppStorage
  readonly secrets: SecretStorage
  readonly consents: ConsentStorage
  readonly grants: GrantStorage
  readonly devices: DeviceStorage
  readonly tokens: TokenStorage
  readonly apiKeys: ApiKeyStorage
  readonly wallet: WalletStorage
  readonly posts: PostStorage
  readonly verification: VerificationStorage
  readonly audit: AuditStorage
  /** Only where many processes share the storage. */
  readonly limits?: LimitStorage
  readonly upkeep: Upkeep
}

export interface Upkeep {
  /** 32 random bytes made once for this installation: what pairwise subjects are derived with. */
  pairwiseSalt(): Promise<Uint8Array>
  /** Answers when a read reaches the database. */
  ping(): Promise<void>
  /**
   * Erases replay salts whose time is over and removes what is over or what no look-up can reach any more, at most
   * `batch` rows a table and without walking a whole one. Answers how many rows went; called again, it goes on.
   */
  sweep(now: number, batch: number): Promise<number>
  /** Empties every table. For an emulator's reset. */
  wipe(): Promise<void>
  close(): Promise<void>
}

/** Where a storage comes from. `open` migrates forward under a lock; it rejects with `StorageCannotOpen`. */
export interface StorageSource {
  open(): Promise<Storage>
}

/** The engine could not do what was asked now. Nothing was half done. */
export class StorageUnavailable extends Error {
  readonly _tag = 'StorageUnavailable'
  constructor(cause: unknown) {
    super('The database did not answer.', { cause })
    this.name = 'StorageUnavailable'
  }
}

/** The data cannot be opened at all. `message` is one sentence that says what to do. */
export class StorageCannotOpen extends Error {
  readonly _tag = 'StorageCannotOpen'
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StorageCannotOpen'
  }
}
