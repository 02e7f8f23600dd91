/**
 * A signed-in person's session, as a machine. Its one promise: nobody is signed out by accident. Only the person, or a
 * server that refuses to go on, ends a session; a slow, busy or broken server never does.
 *
 * Source: RFC 6749 section 6, RFC 9700 section 4.14; PEERS on what users complain about most.
 */
import type { Tokens } from './sign-in.ts'

/** Whoever is signed in: claims of userinfo, as the app keeps them. */
export interface User {
  readonly id: string
  readonly username: string
  readonly name?: string
  readonly picture?: string
  readonly email?: string
  readonly emailVerified?: boolean
}

export interface Live {
  readonly user: User
  readonly tokens: Tokens
  /** Unix milliseconds. */
  readonly signedInAt: number
}

/** `ended`: the server refused to go on (`invalid_grant`), and does not say why. */
export type SignedOutReason = 'signed-out' | 'other-tab' | 'ended'

export type State =
  | { readonly _tag: 'SignedOut'; readonly reason?: SignedOutReason }
  | { readonly _tag: 'SignedIn'; readonly live: Live }
  | { readonly _tag: 'Refreshing'; readonly live: Live }
  /** The server was busy or unreachable: the session goes on, and no refresh is tried before `until`. */
  | { readonly _tag: 'TryLater'; readonly live: Live; readonly until: number }
  /** The refresh token was refused; the access token lives on until its own expiry. */
  | { readonly _tag: 'Ending'; readonly live: Live }
  /** Both tokens are spent. The next navigation tries to restore silently, once. */
  | { readonly _tag: 'Expired'; readonly user: User; readonly scopes: readonly string[] }
  | { readonly _tag: 'Restoring'; readonly user: User; readonly scopes: readonly string[] }
  | { readonly _tag: 'SteppingUp'; readonly live: Live; readonly scopes: readonly string[] }

export type Event =
  | { readonly _tag: 'SignedIn'; readonly live: Live }
  /** An access token is needed now. */
  | { readonly _tag: 'Needed'; readonly at: number }
  /** An API answered 401: the access token is dead, whatever the clock says. */
  | { readonly _tag: 'Rejected'; readonly accessToken: string }
  | { readonly _tag: 'Refreshed'; readonly tokens: Tokens }
  | { readonly _tag: 'RefreshRefused'; readonly at: number }
  | { readonly _tag: 'RefreshUnavailable'; readonly until: number }
  | { readonly _tag: 'Navigated' }
  | { readonly _tag: 'RestoreFailed' }
  /** An API answered 403 `insufficient_scope`. */
  | { readonly _tag: 'ScopesRequired'; readonly scopes: readonly string[] }
  | { readonly _tag: 'StepUpAbandoned' }
  | { readonly _tag: 'SignOut' }
  | { readonly _tag: 'OtherTabSignedOut' }

export type Command =
  | { readonly _tag: 'RefreshTokens'; readonly refreshToken: string }
  | { readonly _tag: 'SaveSession'; readonly live: Live }
  /** A new authorization. `silent`: no page may be shown. */
  | { readonly _tag: 'Authorize'; readonly scopes: readonly string[]; readonly silent: boolean }
  | { readonly _tag: 'RevokeToken'; readonly token: string }
  | { readonly _tag: 'ClearSession'; readonly reason: SignedOutReason }
  | { readonly _tag: 'TellOtherTabs' }

type Step = readonly [State, readonly Command[]]

/** How long before its expiry an access token is renewed. */
export const refreshAheadMs = 60_000

const isLive = (state: State): state is State & { readonly live: Live } => 'live' in state

const refresh = (live: Live): Step =>
  live.tokens.refreshToken === null
    ? expire(live)
    : [{ _tag: 'Refreshing', live }, [{ _tag: 'RefreshTokens', refreshToken: live.tokens.refreshToken }]]

const expire = (live: Live): Step => [{ _tag: 'Expired', user: live.user, scopes: live.tokens.scopes }, []]

const signOut = (reason: SignedOutReason, commands: readonly Command[]): Step => [
  { _tag: 'SignedOut', reason },
  [...commands, { _tag: 'ClearSession', reason }],
]

/** The access token as good as dead: its expiry is in the past. */
const dead = (live: Live): Live => ({ ...live, tokens: { ...live.tokens, expiresAt: 0 } })

export const transition = (state: State, event: Event): Step => {
  switch (event._tag) {
    case 'SignedIn':
      return [{ _tag: 'SignedIn', live: event.live }, [{ _tag: 'SaveSession', live: event.live }]]
    case 'Needed': {
      if (state._tag === 'Ending') return event.at < state.live.tokens.expiresAt ? [state, []] : expire(state.live)
      if (state._tag !== 'SignedIn' && state._tag !== 'TryLater') break
      const { live } = state
      if (event.at < live.tokens.expiresAt - refreshAheadMs) break
      if (state._tag === 'TryLater' && event.at < state.until) break
      if (live.tokens.refreshToken === null && event.at < live.tokens.expiresAt) break
      return refresh(live)
    }
    case 'Rejected': {
      // Another request may have renewed the pair meanwhile: only the token in use counts.
      if (!isLive(state) || state.live.tokens.accessToken !== event.accessToken) break
      if (state._tag === 'SignedIn' || state._tag === 'TryLater') return refresh(dead(state.live))
      if (state._tag === 'Ending') return expire(state.live)
      break
    }
    case 'Refreshed': {
      if (state._tag !== 'Refreshing') break
      const live = { ...state.live, tokens: event.tokens }
      return [{ _tag: 'SignedIn', live }, [{ _tag: 'SaveSession', live }]]
    }
    case 'RefreshRefused': {
      if (state._tag !== 'Refreshing') break
      const live = { ...state.live, tokens: { ...state.live.tokens, refreshToken: null } }
      return event.at < live.tokens.expiresAt ? [{ _tag: 'Ending', live }, []] : expire(live)
    }
    case 'RefreshUnavailable':
      if (state._tag !== 'Refreshing') break
      return [{ _tag: 'TryLater', live: state.live, until: event.until }, []]
    case 'Navigated':
      if (state._tag !== 'Expired') break
      return [{ ...state, _tag: 'Restoring' }, [{ _tag: 'Authorize', scopes: state.scopes, silent: true }]]
    case 'RestoreFailed':
      if (state._tag !== 'Restoring') break
      return signOut('ended', [])
    case 'ScopesRequired': {
      if (state._tag !== 'SignedIn' && state._tag !== 'TryLater') break
      const scopes = [...new Set([...state.live.tokens.scopes, ...event.scopes])]
      return [{ _tag: 'SteppingUp', live: state.live, scopes }, [{ _tag: 'Authorize', scopes, silent: false }]]
    }
    case 'StepUpAbandoned':
      if (state._tag !== 'SteppingUp') break
      return [{ _tag: 'SignedIn', live: state.live }, []]
    case 'SignOut': {
      if (state._tag === 'SignedOut') break
      const token = isLive(state) ? (state.live.tokens.refreshToken ?? state.live.tokens.accessToken) : undefined
      return signOut('signed-out', [
        ...(token === undefined ? [] : [{ _tag: 'RevokeToken', token } as const]),
        { _tag: 'TellOtherTabs' },
      ])
    }
    case 'OtherTabSignedOut':
      if (state._tag === 'SignedOut') break
      return signOut('other-tab', [])
  }
  return [state, []]
}
