/**
 * One sealed cookie for each sign-in attempt, so that two tabs do not break each other. At most five, and no more than
 * fit beside a session: the oldest go.
 */
import { parseVerifier } from '@civitai-oauth/core/pkce'
import { type Pending, attemptLifetimeMs } from '@civitai-oauth/core/sign-in'
import * as z from 'zod/mini'
import { type CookieNames, removeCookie, setCookie } from './cookie.ts'
import type { Sealer } from './seal.ts'

/** An attempt, and what it asked for: not every server says what it granted. */
export interface Attempt {
  readonly pending: Pending
  readonly scopes: readonly string[]
}

const mostAttempts = 5
/**
 * Bytes of all attempts together. Any site can send a browser to our sign-in, with an address to come back to that is as
 * long as may be, again and again: servers refuse a request whose headers pass their limit, and nobody would get in.
 */
const roomForAttempts = 4_000

const Stored = z.object({
  pending: z.object({
    state: z.string(),
    verifier: z.string(),
    redirectUri: z.string(),
    returnTo: z.string(),
    startedAt: z.number(),
    silent: z.boolean(),
  }),
  scopes: z.array(z.string()),
})

export type FoundAttempt =
  | { readonly _tag: 'Found'; readonly attempt: Attempt }
  /** No cookie: another browser or host, cookies refused, used already, or too old. */
  | { readonly _tag: 'Missing' }
  /** A cookie that does not open: the session secret changed meanwhile, or somebody tried. */
  | { readonly _tag: 'Unsealable' }

const open = async (text: string, sealer: Sealer): Promise<Attempt | undefined> => {
  const stored = Stored.safeParse(await sealer.open('attempt', text))
  const verifier = stored.success ? parseVerifier(stored.data.pending.verifier) : undefined
  if (!stored.success || verifier === undefined) return
  return { pending: { ...stored.data.pending, verifier }, scopes: stored.data.scopes }
}

/** The attempt a callback's `state` belongs to. */
export const findAttempt = async (
  state: string,
  cookies: ReadonlyMap<string, string>,
  names: CookieNames,
  sealer: Sealer,
): Promise<FoundAttempt> => {
  const text = cookies.get(names.attempt(state))
  if (text === undefined) return { _tag: 'Missing' }
  const attempt = await open(text, sealer)
  return attempt === undefined ? { _tag: 'Unsealable' } : { _tag: 'Found', attempt }
}

/** The `Set-Cookie` values that keep this attempt beside at most four others, the youngest. */
export const keepAttempt = async (
  attempt: Attempt,
  cookies: ReadonlyMap<string, string>,
  names: CookieNames,
  sealer: Sealer,
): Promise<string[]> => {
  const others = [...cookies].filter(([name]) => name.startsWith(names.attemptPrefix))
  const aged = await Promise.all(
    others.map(async ([name, text]) => ({
      name,
      bytes: text.length,
      at: (await open(text, sealer))?.pending.startedAt ?? 0,
    })),
  )
  const value = await sealer.seal('attempt', attempt)
  let taken = value.length
  const leaving = aged
    .toSorted((a, b) => b.at - a.at)
    .filter(({ bytes }, place) => (taken += bytes) > roomForAttempts || place >= mostAttempts - 1)
  return [
    ...leaving.map(({ name }) => removeCookie(names, name)),
    setCookie(names, names.attempt(attempt.pending.state), value, attemptLifetimeMs / 1000),
  ]
}

const Used = z.object({ used: z.string() })
/** How long a callback that comes again leads on to where the first one led. */
const usedSeconds = 60

/** The attempt is over and succeeded: a reload of its callback rests quietly. */
export const usedAttempt = async (pending: Pending, names: CookieNames, sealer: Sealer): Promise<string> =>
  setCookie(names, names.attempt(pending.state), await sealer.seal('attempt', { used: pending.returnTo }), usedSeconds)

/** Where a finished attempt led; `undefined` for one that is not finished, or not known. */
export const readUsed = async (
  state: string,
  cookies: ReadonlyMap<string, string>,
  names: CookieNames,
  sealer: Sealer,
): Promise<string | undefined> => {
  const text = cookies.get(names.attempt(state))
  const stored = text === undefined ? undefined : Used.safeParse(await sealer.open('attempt', text))
  return stored?.success ? stored.data.used : undefined
}
