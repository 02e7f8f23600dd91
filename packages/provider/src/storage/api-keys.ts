/** Keys that act as the person who made them. Shown once; kept by their hash. */
import type { Person } from '../provider.ts'

export interface KeptApiKey {
  readonly id: number
  readonly name: string
  /** The last four characters: enough to tell two apart. */
  readonly hint: string
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

export interface ApiKeyStorage {
  create(
    key: { readonly personId: number; readonly name: string; readonly hint: string; readonly hash: Uint8Array },
    now: number,
  ): Promise<KeptApiKey>
  /** Newest first. */
  list(personId: number): Promise<readonly KeptApiKey[]>
  delete(
    personId: number,
    id: number,
    now: number,
  ): Promise<{ readonly _tag: 'Deleted' } | { readonly _tag: 'NotFound' }>
  /** True for a key of this person. Notes nothing. */
  isOf(personId: number, hash: Uint8Array): Promise<boolean>
  /** Who the key acts as. Notes that it was used, to the minute. */
  use(hash: Uint8Array, now: number): Promise<Person | null>
}
