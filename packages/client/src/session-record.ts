/** A session as it is stored: short names, because in a cookie every byte travels with every request. */
import type { ScopeCodec } from '@civitai-oauth/core/dialect'
import type { Live, User } from '@civitai-oauth/core/session'
import * as z from 'zod/mini'

/** Seconds. */
export interface Lifetimes {
  /** Without a renewal for so long, a session is over. */
  readonly idle: number
  /** So long after sign-in it is over in any case. */
  readonly absolute: number | undefined
}

/** @internal */
export type Read =
  | { readonly _tag: 'Live'; readonly live: Live }
  /** A session was here, and the server refused to go on. */
  | { readonly _tag: 'Ended' }
  /** It is in a store, under the digest of this. */
  | { readonly _tag: 'Ticket'; readonly ticket: string }

const Session = z.object({
  u: z.object({
    id: z.string(),
    username: z.string(),
    name: z.optional(z.string()),
    picture: z.optional(z.string()),
    email: z.optional(z.string()),
    emailVerified: z.optional(z.boolean()),
  }),
  a: z.string(),
  r: z.nullable(z.string()),
  /** When the access token runs out, when the person signed in, when this was written: Unix milliseconds. */
  e: z.number(),
  i: z.number(),
  t: z.number(),
  s: z.string(),
})
const Record = z.union([Session, z.object({ ended: z.literal(true) }), z.object({ ticket: z.string() })])

/** @internal */
export type SessionRecord = z.infer<typeof Record>

/** @internal */
export const ended: SessionRecord = { ended: true }

/** @internal */
export const recordOf = (
  { user, tokens, signedInAt }: Live,
  scopes: Pick<ScopeCodec, 'parse' | 'format'>,
  now: number,
): SessionRecord => ({
  u: user as z.infer<typeof Session>['u'],
  a: tokens.accessToken,
  r: tokens.refreshToken,
  e: tokens.expiresAt,
  i: signedInAt,
  t: now,
  s: scopes.format(tokens.scopes),
})

/** @internal `undefined` for what is no record, and for a session whose time is over. */
export const readRecord = (
  value: unknown,
  scopes: Pick<ScopeCodec, 'parse' | 'format'>,
  lifetimes: Lifetimes,
  now: number,
): Read | undefined => {
  const record = Record.safeParse(value)
  if (!record.success) return
  if ('ended' in record.data) return { _tag: 'Ended' }
  if ('ticket' in record.data) return { _tag: 'Ticket', ticket: record.data.ticket }
  const { u, a, r, e, i, t, s } = record.data
  if (now >= t + lifetimes.idle * 1000 || now >= i + (lifetimes.absolute ?? Infinity) * 1000) return
  const tokens = { accessToken: a, refreshToken: r, expiresAt: e, scopes: scopes.parse(s) ?? [] }
  return { _tag: 'Live', live: { user: u as User, tokens, signedInAt: i } }
}
