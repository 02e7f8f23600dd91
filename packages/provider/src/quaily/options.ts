/** What no source says of Quaily's server. Each choice that is ours may be made otherwise. */
import { quaily } from '@civitai-oauth/core/dialects/quaily'
import type { Dialect } from '@civitai-oauth/core/dialect'
import * as z from 'zod/mini'

export interface QuailyOptions {
  /** Whether a request must carry a PKCE challenge. One that does needs its verifier either way. `required` unless told. */
  readonly pkce?: 'required' | 'optional'
  /** What becomes of a `client_secret` that is sent, though nothing asks for it. `checked` unless told. */
  readonly clientSecret?: 'checked' | 'ignored'
  /** The scope by which the API tells an email address. `user.full` unless told. */
  readonly emailScope?: 'user.full' | 'user.public'
  /** How long a refresh token lives, in seconds, within the year that a sign-in does. That year unless told. */
  readonly refreshLifetime?: number
  /** Which apps a person's API key may disconnect. `any` unless told. */
  readonly keysDisconnect?: 'any' | 'none'
  /** How the token endpoint words an error: as RFC 6749, as Quaily's API, or with the members of both, unless told. */
  readonly tokenErrors?: 'both' | 'rfc6749' | 'quaily'
  /** The HTTP status of an error code, where it is another than ours: `{ '10001': 200 }`. */
  readonly statuses?: Readonly<Record<string, number>>
}

export const quailyShape = z.strictObject({
  pkce: z.optional(z.enum(['required', 'optional'])),
  clientSecret: z.optional(z.enum(['checked', 'ignored'])),
  emailScope: z.optional(z.enum(['user.full', 'user.public'])),
  refreshLifetime: z.optional(z.int().check(z.positive())),
  keysDisconnect: z.optional(z.enum(['any', 'none'])),
  tokenErrors: z.optional(z.enum(['both', 'rfc6749', 'quaily'])),
  statuses: z.optional(z.record(z.string(), z.int().check(z.minimum(200), z.maximum(599)))),
})

export type QuailyRules = Required<QuailyOptions>

export const rulesOf = (options: QuailyOptions): QuailyRules => ({
  pkce: 'required',
  clientSecret: 'checked',
  emailScope: 'user.full',
  refreshLifetime: quaily.lifetimes.refresh,
  keysDisconnect: 'any',
  tokenErrors: 'both',
  statuses: {},
  ...options,
})

/** The dialect as these rules have it. */
export const dialectOf = ({ pkce, refreshLifetime }: QuailyRules): Dialect => ({
  ...quaily,
  pkce: { ...quaily.pkce, required: pkce === 'required' },
  lifetimes: { ...quaily.lifetimes, refresh: refreshLifetime },
})
