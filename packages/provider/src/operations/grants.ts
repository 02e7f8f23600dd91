/** Connected Apps: what a person granted, and taking it back. */
import type { BuzzLimit } from '@civitai-oauth/core/buzz-limit'
import type { DialectName } from '@civitai-oauth/core/dialect'
import type { Person } from './person.ts'

/** What one person granted one app, as Connected Apps lists it. */
export interface Grant {
  readonly clientId: string
  readonly appName: string
  readonly appDescription: string
  readonly appVerified: boolean
  readonly dialect: DialectName
  readonly scopes: readonly string[]
  readonly remembered: boolean
  readonly buzzLimit: BuzzLimit | null
  /** What the app has spent within each budget of the limit, in the same order. */
  readonly buzzSpent: readonly number[]
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

export interface Grants {
  list(actor: Person): Promise<readonly Grant[]>
  /** Of any shape: what is wrong with it is listed. `null` or an empty list takes the limit away. */
  setBuzzLimit(
    actor: Person,
    clientId: string,
    limit: unknown,
  ): Promise<
    | { readonly _tag: 'Changed' }
    | { readonly _tag: 'Invalid'; readonly problems: readonly { readonly path: string; readonly message: string }[] }
    | { readonly _tag: 'NotFound' }
  >
  /** Takes effect at the next use of any token, in every process. The app is not told. */
  revoke(actor: Person, clientId: string): Promise<{ readonly _tag: 'Revoked' } | { readonly _tag: 'NotFound' }>
}
