/**
 * The session as the browser keeps it: one sealed cookie, cut into at most four when it is large. What a browser would
 * drop without a word is an error here, and names the field that made it too large.
 */
import type { ScopeCodec } from '@civitai-oauth/core/dialect'
import { errorTable } from '@civitai-oauth/core/error-table'
import type { Live } from '@civitai-oauth/core/session'
import * as z from 'zod/mini'
import { type CookieNames, removeCookie, setCookie } from './cookie.ts'
import { failure } from './error.ts'
import type { Sealer } from './seal.ts'

/** What one sealed cookie says. `ended`: a session was here, and the server refused to go on. */
export type Kept = { readonly _tag: 'Live'; readonly live: Live } | { readonly _tag: 'Ended' }

/** Short names, for every byte travels with every request. */
const Stored = z.union([
  z.object({
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
    e: z.number(),
    s: z.string(),
    i: z.number(),
  }),
  z.object({ ended: z.literal(true) }),
])

/** A browser drops a cookie whose name and value pass 4,096 bytes. */
const roomForValue = (name: string) => 4_000 - name.length
const mostChunks = 4

const chunkNames = (name: string) => Array.from({ length: mostChunks }, (_, index) => `${name}.${index}`)

/** The sealed text a request carries, whole or in chunks. */
const sealedText = (cookies: ReadonlyMap<string, string>, name: string): string | undefined => {
  const whole = cookies.get(name)
  if (whole !== undefined) return whole
  const chunks = chunkNames(name).map((chunk) => cookies.get(chunk))
  const end = chunks.indexOf(undefined)
  return end === 0 ? undefined : chunks.slice(0, end < 0 ? mostChunks : end).join('')
}

/** What the request's cookie says; `undefined` for none, or for one that does not open. */
export const readSession = async (
  cookies: ReadonlyMap<string, string>,
  names: CookieNames,
  sealer: Sealer,
  scopes: ScopeCodec,
): Promise<Kept | undefined> => {
  const text = sealedText(cookies, names.session)
  const stored = text === undefined ? undefined : Stored.safeParse(await sealer.open('session', text))
  if (!stored?.success) return
  if ('ended' in stored.data) return { _tag: 'Ended' }
  const { u, a, r, e, s, i } = stored.data
  const tokens = { accessToken: a, refreshToken: r, expiresAt: e, scopes: scopes.parse(s) ?? [] }
  return { _tag: 'Live', live: { user: u, tokens, signedInAt: i } } as Kept
}

const store = (kept: Kept, scopes: ScopeCodec): z.infer<typeof Stored> => {
  if (kept._tag === 'Ended') return { ended: true }
  const { user, tokens, signedInAt } = kept.live
  return {
    u: user as Extract<z.infer<typeof Stored>, { u: unknown }>['u'],
    a: tokens.accessToken,
    r: tokens.refreshToken,
    e: tokens.expiresAt,
    s: scopes.format(tokens.scopes),
    i: signedInAt,
  }
}

const biggestField = (kept: Kept): string => {
  if (kept._tag === 'Ended') return 'ended'
  const { user, tokens } = kept.live
  const fields = { ...user, accessToken: tokens.accessToken, refreshToken: tokens.refreshToken }
  const [first] = Object.entries(fields).toSorted(([, a], [, b]) => String(b).length - String(a).length)
  return first?.[0] ?? 'user'
}

const tooLarge = (kept: Kept, bytes: number, room: number) => {
  const field = biggestField(kept)
  const error = failure('SessionTooLarge', { field, bytes })
  error.message = `The session takes ${bytes} bytes and cookies hold ${room}. Its biggest field is \`${field}\`. ${errorTable.SessionTooLarge.fix}`
  return error
}

/** The `Set-Cookie` values that keep the session, and remove what an earlier, larger or smaller one left behind. */
export const writeSession = async (
  kept: Kept,
  cookies: ReadonlyMap<string, string>,
  names: CookieNames,
  sealer: Sealer,
  scopes: ScopeCodec,
  maxAge: number,
): Promise<string[]> => {
  const text = await sealer.seal('session', store(kept, scopes))
  const room = roomForValue(`${names.session}.0`)
  const pieces = text.length <= room ? [text] : (text.match(new RegExp(`.{1,${room}}`, 'g')) ?? [])
  if (pieces.length > mostChunks) throw tooLarge(kept, text.length, room * mostChunks)
  const written = pieces.length === 1 ? [names.session] : chunkNames(names.session).slice(0, pieces.length)
  const stale = [names.session, ...chunkNames(names.session)].filter(
    (name) => cookies.has(name) && !written.includes(name),
  )
  return [
    ...stale.map((name) => removeCookie(names, name)),
    ...written.map((name, index) => setCookie(names, name, pieces[index] as string, maxAge)),
  ]
}

/** The `Set-Cookie` values that remove whatever session cookies the request carries. */
export const clearSession = (cookies: ReadonlyMap<string, string>, names: CookieNames): string[] =>
  [names.session, ...chunkNames(names.session)]
    .filter((name) => cookies.has(name))
    .map((name) => removeCookie(names, name))
