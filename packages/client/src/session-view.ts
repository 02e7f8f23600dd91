/** What a page, a component and `GET /oauth/session` know of a session. Never a token. */
import type { State, User } from '@civitai-oauth/core/session'

export type { User } from '@civitai-oauth/core/session'

/**
 * - `signed-out`: nobody is signed in. `reason: 'ended'` when the authorization server refused to go on.
 * - `signed-in`: `expiresAt` is when the access token runs out (Unix milliseconds); it is renewed before that.
 * - `expired`: the tokens are spent; the next navigation tries to restore the session without showing a page.
 */
export type SessionView<S extends string = string> =
  | { readonly status: 'signed-out'; readonly reason?: 'ended' }
  | { readonly status: 'signed-in'; readonly user: User; readonly scopes: readonly S[]; readonly expiresAt: number }
  | { readonly status: 'expired'; readonly user: User }

/** What may be told to a browser. */
export const viewOf = <S extends string>(state: State): SessionView<S> => {
  if ('live' in state) {
    const { user, tokens } = state.live
    return { status: 'signed-in', user, scopes: tokens.scopes as readonly S[], expiresAt: tokens.expiresAt }
  }
  if (state._tag === 'SignedOut')
    return state.reason === 'ended' ? { status: 'signed-out', reason: 'ended' } : { status: 'signed-out' }
  return { status: 'expired', user: state.user }
}
