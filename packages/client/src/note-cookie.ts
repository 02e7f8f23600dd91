/**
 * What this browser's next request should know about the very tokens it carries: that their refresh was refused. It
 * stands in a cookie of its own, because a refusal must never overwrite the session cookie: the rotated pair may be on
 * its way to the browser in another answer. Once that arrives, the note is about other tokens and means nothing.
 */
import type { Tokens } from '@civitai-oauth/core/sign-in'
import * as z from 'zod/mini'
import { type CookieNames, setCookie, sha256Hex } from './cookie.ts'
import type { Sealer } from './seal.ts'

/** `spent`: the access token is dead too, whatever its clock says. */
export type Note = 'refused' | 'spent'

const Stored = z.object({ about: z.string(), note: z.enum(['refused', 'spent']) })

const digest = async (tokens: Tokens) => (await sha256Hex(tokens.accessToken)).slice(0, 32)

export const readNote = async (
  cookies: ReadonlyMap<string, string>,
  names: CookieNames,
  sealer: Sealer,
  tokens: Tokens,
): Promise<Note | undefined> => {
  const text = cookies.get(names.note)
  if (text === undefined) return
  const stored = Stored.safeParse(await sealer.open('note', text))
  return stored.success && stored.data.about === (await digest(tokens)) ? stored.data.note : undefined
}

export const writeNote = async (
  note: Note,
  names: CookieNames,
  sealer: Sealer,
  tokens: Tokens,
  maxAge: number,
): Promise<string> =>
  setCookie(names, names.note, await sealer.seal('note', { about: await digest(tokens), note }), maxAge)
