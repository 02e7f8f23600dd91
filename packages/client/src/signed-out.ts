/**
 * Sign-ins whose person signed out lately. A page that was under way meanwhile may come with a renewed session: it must
 * not bring back what the person has ended. This process remembers, and so does the browser: the page may have been
 * another process's, and the server may not have taken the tokens back.
 */
import type { Live } from '@civitai-oauth/core/session'
import * as z from 'zod/mini'
import { type CookieNames, setCookie, sha256Hex } from './cookie.ts'
import type { Sealer } from './seal.ts'

export interface SignedOut {
  remember(live: Live): void
  has(live: Live): boolean
}

/** Longer than a page is under way. */
const rememberMs = 10 * 60_000

/** A renewal leaves both as they were, so they name one sign-in and all the tokens that descend from it. */
const signInOf = ({ user, signedInAt }: Live) => `${signedInAt} ${user.id}`

export const createSignedOut = (now: () => number): SignedOut => {
  /** Oldest first. */
  const until = new Map<string, number>()
  return {
    remember: (live) => {
      for (const [signIn, at] of until) {
        if (now() < at) break
        until.delete(signIn)
      }
      until.set(signInOf(live), now() + rememberMs)
    },
    has: (live) => now() < (until.get(signInOf(live)) ?? 0),
  }
}

const Stored = z.object({ signedOut: z.string() })

/** What the browser remembers, as long as a page may be under way. */
export const writeSignedOut = async (live: Live, names: CookieNames, sealer: Sealer): Promise<string> => {
  const sealed = await sealer.seal('note', { signedOut: await sha256Hex(signInOf(live)) })
  return setCookie(names, names.signedOut, sealed, rememberMs / 1000)
}

/** Whether this browser signed out of this very sign-in: its cookie is one that came late. */
export const isSignedOut = async (
  live: Live,
  cookies: ReadonlyMap<string, string>,
  names: CookieNames,
  sealer: Sealer,
): Promise<boolean> => {
  const text = cookies.get(names.signedOut)
  if (text === undefined) return false
  const stored = Stored.safeParse(await sealer.open('note', text))
  return stored.success && stored.data.signedOut === (await sha256Hex(signInOf(live)))
}
