/**
 * Sign-ins whose person signed out here lately. A page that was under way meanwhile may come with a renewed session: it
 * must not bring back what the person has ended.
 */
import type { Live } from '@civitai-oauth/core/session'

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
