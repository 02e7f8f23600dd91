/** A refresh between all tabs of a browser: by one of them, once, for all. Runs while no other tab does the same. */
import { leaveAloneMs } from '@civitai-oauth/core/retry'
import type { Event, Live } from '@civitai-oauth/core/session'
import { tokensOf } from '../token-answer.ts'
import { type PublicTarget, askToken } from './public-token.ts'
import type { Shelf } from './shelf.ts'
import type { Siblings } from './siblings.ts'

export interface RefreshTools {
  readonly target: PublicTarget
  readonly shelf: Shelf
  readonly siblings: Siblings
  /** The session as it stands now, which is not always as it stood when the refresh was asked for. */
  readonly current: () => Live | undefined
  /** The new pair is there, and other tabs may ask for it before the machine has heard of it. */
  readonly renewed: (live: Live) => void
}

/** What became of it; nothing where this very token is not the session's any more. */
export const refreshOnce = async (
  { target, shelf, siblings, current, renewed }: RefreshTools,
  refreshToken: string,
): Promise<Event | void> => {
  const expiresAt = current()?.tokens.expiresAt ?? 0
  const isNewer = (live: Live) => live.tokens.expiresAt > expiresAt
  // Another tab was first: its pair is the one that counts, and ours is spent.
  const kept = shelf.live()
  const theirs = kept && isNewer(kept) ? kept : await siblings.ask(isNewer)
  if (theirs) return { _tag: 'Adopted', live: theirs }
  // While this tab waited or slept, a new pair arrived, or a person signed out.
  const ours = current()
  if (ours?.tokens.refreshToken !== refreshToken) return
  if (shelf.isOver(ours)) return { _tag: 'OtherTabSignedOut' }

  const answer = await askToken(target, 'refresh', { grant_type: 'refresh_token', refresh_token: refreshToken })
  if (answer._tag === 'Granted') {
    const tokens = tokensOf(answer, ours.tokens.scopes, refreshToken)
    renewed({ ...ours, tokens })
    return { _tag: 'Refreshed', refreshToken, tokens }
  }
  const at = Date.now()
  if (answer._tag === 'Refused' && answer.error === 'invalid_grant') return { _tag: 'RefreshRefused', refreshToken, at }
  const retryAfterMs = answer._tag === 'Unavailable' ? answer.retryAfterMs : leaveAloneMs
  return { _tag: 'RefreshUnavailable', refreshToken, until: at + retryAfterMs }
}
