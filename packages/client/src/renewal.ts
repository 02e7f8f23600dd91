/** What became of a refresh, as an event of the session machine. */
import { leaveAloneMs } from '@civitai-oauth/core/retry'
import type { Event, Live } from '@civitai-oauth/core/session'
import * as Effect from 'effect/Effect'
import type { Context } from './context.ts'
import { heldUpMs } from './hold.ts'
import { tokensOf } from './token-answer.ts'

export const renew = Effect.fnUntraced(function* (
  { refresher, settings, platform }: Context,
  /** As it stands: a token that was rejected is marked dead. */
  { user, tokens }: Live,
  refreshToken: string,
  id: string | undefined,
): Effect.fn.Return<Event> {
  const emit = settings.onEvent
  const dispensable = tokens.dead !== true && platform.now() + heldUpMs < tokens.expiresAt
  const answer = yield* refresher.refresh(refreshToken, id, dispensable)
  const now = platform.now()
  if (answer._tag === 'Granted') {
    emit({ type: 'refreshed', userId: user.id })
    return { _tag: 'Refreshed', refreshToken, tokens: tokensOf(answer, tokens.scopes, refreshToken) }
  }
  if (answer._tag === 'TryLater') {
    emit({ type: 'refresh-unavailable', userId: user.id, retryInMs: answer.until - now })
    return { _tag: 'RefreshUnavailable', refreshToken, until: answer.until }
  }
  emit({ type: 'refresh-refused', userId: user.id, error: answer.error })
  return answer.error === 'invalid_grant'
    ? { _tag: 'RefreshRefused', refreshToken, at: now }
    : // Not about the person: the app's configuration has to be mended.
      { _tag: 'RefreshUnavailable', refreshToken, until: now + leaveAloneMs }
})
