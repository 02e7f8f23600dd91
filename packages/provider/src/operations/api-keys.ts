/** Quaily's API keys, as a person makes and deletes them. */
import type { Person } from './person.ts'

export interface ApiKeyInfo {
  readonly id: number
  readonly name: string
  /** The last four characters. */
  readonly hint: string
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

/** Quaily's API keys: each acts as the person who made it. */
export interface ApiKeys {
  /** `key` is shown once and never again. */
  create(
    actor: Person,
    name: string,
  ): Promise<
    | { readonly _tag: 'Created'; readonly info: ApiKeyInfo; readonly key: string }
    | { readonly _tag: 'Invalid'; readonly message: string }
  >
  list(actor: Person): Promise<readonly ApiKeyInfo[]>
  delete(actor: Person, id: number): Promise<{ readonly _tag: 'Deleted' } | { readonly _tag: 'NotFound' }>
}
