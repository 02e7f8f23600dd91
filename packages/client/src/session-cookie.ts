/**
 * The session's cookie: one, cut into at most four when it is large. What a browser would drop without a word is an
 * error here, and names the field that made it too large.
 */
import { errorTable } from '@civitai-oauth/core/error-table'
import type { Live } from '@civitai-oauth/core/session'
import { type CookieNames, removeCookie, setCookie } from './cookie.ts'
import { failure } from './error.ts'

/** A request's cookies, and what ours are called. */
export interface Carried {
  readonly cookies: ReadonlyMap<string, string>
  readonly names: CookieNames
}

/**
 * A browser drops a cookie whose name and value pass 4,096 bytes, and a server refuses a request whose headers pass a
 * limit: 16 kB in Node. Four of these leave a quarter of that for sign-in attempts and everything else a browser sends.
 */
const roomForValue = (name: string) => 3_000 - name.length
const mostChunks = 4

const chunkNames = (name: string) => Array.from({ length: mostChunks }, (_, index) => `${name}.${index}`)

/** The sealed text a request carries, whole or in chunks. */
export const readSessionCookie = ({ cookies, names }: Carried): string | undefined => {
  const whole = cookies.get(names.session)
  if (whole !== undefined) return whole
  const chunks = chunkNames(names.session).map((chunk) => cookies.get(chunk))
  const end = chunks.indexOf(undefined)
  return end === 0 ? undefined : chunks.slice(0, end < 0 ? mostChunks : end).join('')
}

const biggestField = ({ user, tokens }: Live): string => {
  const fields = { ...user, accessToken: tokens.accessToken, refreshToken: tokens.refreshToken }
  const [first] = Object.entries(fields).toSorted(([, a], [, b]) => String(b).length - String(a).length)
  return first?.[0] ?? 'user'
}

const tooLarge = (live: Live | undefined, bytes: number, room: number) => {
  const field = live === undefined ? 'session' : biggestField(live)
  const error = failure('SessionTooLarge', { field, bytes })
  const { fix } = errorTable.SessionTooLarge
  error.message = `The session takes ${bytes} bytes and cookies hold ${room}. Its biggest field is \`${field}\`. ${fix}`
  return error
}

/**
 * The `Set-Cookie` values that keep the sealed text, and remove what an earlier, larger or smaller one left behind.
 * `live` is what was sealed, to tell what made it too large.
 */
export const writeSessionCookie = (
  text: string,
  { cookies, names }: Carried,
  maxAge: number,
  live?: Live,
): readonly string[] => {
  const room = roomForValue(`${names.session}.0`)
  const pieces = text.length <= room ? [text] : (text.match(new RegExp(`.{1,${room}}`, 'g')) ?? [])
  if (pieces.length > mostChunks) throw tooLarge(live, text.length, room * mostChunks)
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
export const clearSessionCookie = ({ cookies, names }: Carried): readonly string[] =>
  [names.session, ...chunkNames(names.session)]
    .filter((name) => cookies.has(name))
    .map((name) => removeCookie(names, name))
