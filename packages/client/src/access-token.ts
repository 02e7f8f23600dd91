/** The access token a session can use now. */
import type { State } from '@civitai-oauth/core/session'
import { failure } from './error.ts'

/** Throws `NotSignedIn` where there is nobody, `ServerUnavailable` where it ran out and cannot be renewed yet. */
export const usableToken = (state: State, now: number): string => {
  if (!('live' in state)) throw failure('NotSignedIn')
  const { accessToken, expiresAt, dead } = state.live.tokens
  if (dead !== true && now < expiresAt) return accessToken
  throw failure('ServerUnavailable', { until: state._tag === 'TryLater' ? state.until : now, sent: false })
}
