/**
 * A signed-in person's session, as a machine. Its one promise: nobody is signed out by accident. Only the person, or a
 * server that refuses to go on, ends a session; a slow, busy or broken server never does.
 *
 * A refusal (`invalid_grant`) never clears anything by itself: a rotated pair may be on its way to the browser in
 * another answer. The session lives while its access token does, is then `Expired`, and the next navigation restores
 * it silently, once.
 *
 * Source: RFC 6749 section 6, RFC 9700 section 4.14; PEERS on what users complain about most.
 */
import { type Step as StepOf, type Table, transitionOf } from './machine.ts'
import type { Tokens } from './sign-in.ts'

/** Whoever is signed in: claims of userinfo, as the app keeps them. */
export interface User {
  readonly id: string
  readonly username: string
  readonly name?: string
  readonly picture?: string
  readonly email?: string
  readonly emailVerified?: boolean
  /** The person's global id, where `id` is pairwise (Quaily). */
  readonly uuid?: string
}

export interface Live {
  readonly user: User
  readonly tokens: Tokens
  /** Unix milliseconds. */
  readonly signedInAt: number
}

/** `ended`: the server refused to go on, and does not say why. */
export type SignedOutReason = 'signed-out' | 'other-tab' | 'ended'

export type State =
  | {
      readonly _tag: 'SignedOut'
      /** None: nobody has signed in here yet. */
      readonly reason?: SignedOutReason
      /** The refresh token whose answer was still under way at sign-out: what it brings is revoked, not used. */
      readonly underWay?: string
    }
  | { readonly _tag: 'SignedIn'; readonly live: Live }
  /** `wanted`: permissions to ask for as soon as the refresh is answered. */
  | { readonly _tag: 'Refreshing'; readonly live: Live; readonly wanted?: readonly string[] }
  /** The server was busy or unreachable: the session goes on, and no refresh is tried before `until`. */
  | { readonly _tag: 'TryLater'; readonly live: Live; readonly until: number }
  /** The refresh token was refused; the access token lives on until its own expiry. */
  | { readonly _tag: 'Ending'; readonly live: Live }
  /** Both tokens are spent. The next navigation (not before `until`, where given) restores the session silently. */
  | { readonly _tag: 'Expired'; readonly user: User; readonly scopes: readonly string[]; readonly until?: number }
  | { readonly _tag: 'Restoring'; readonly user: User; readonly scopes: readonly string[] }
  | { readonly _tag: 'SteppingUp'; readonly live: Live; readonly scopes: readonly string[] }

export type Event =
  /** A person signed in, whoever was here before. */
  | { readonly _tag: 'SignedIn'; readonly live: Live }
  /** Another tab opened or renewed the session, and has saved it. */
  | { readonly _tag: 'Adopted'; readonly live: Live }
  /** An access token is needed now. */
  | { readonly _tag: 'Needed'; readonly at: number }
  /** An API answered 401: this access token is dead, whatever the clock says. */
  | { readonly _tag: 'Rejected'; readonly accessToken: string }
  /** The three answers to a refresh name the refresh token they answer: an answer to an older one is late, and rests. */
  | { readonly _tag: 'Refreshed'; readonly refreshToken: string; readonly tokens: Tokens }
  | { readonly _tag: 'RefreshRefused'; readonly refreshToken: string; readonly at: number }
  | { readonly _tag: 'RefreshUnavailable'; readonly refreshToken: string; readonly until: number }
  /** The person opened a page: the one moment when a silent round trip to the server is possible. */
  | { readonly _tag: 'Navigated'; readonly at: number }
  | { readonly _tag: 'Restored'; readonly live: Live }
  /** The server would have to show a page (`login_required`, `consent_required`). */
  | { readonly _tag: 'RestoreFailed' }
  | { readonly _tag: 'RestoreUnavailable'; readonly until: number }
  /** An API answered 403 `insufficient_scope`. */
  | { readonly _tag: 'ScopesRequired'; readonly scopes: readonly string[] }
  | { readonly _tag: 'SteppedUp'; readonly live: Live }
  | { readonly _tag: 'StepUpAbandoned' }
  | { readonly _tag: 'SignOut' }
  | { readonly _tag: 'OtherTabSignedOut' }

export type Command =
  | { readonly _tag: 'RefreshTokens'; readonly refreshToken: string }
  | { readonly _tag: 'SaveSession'; readonly live: Live }
  /** A new authorization. `silent`: no page may be shown (`prompt=none`). */
  | { readonly _tag: 'Authorize'; readonly scopes: readonly string[]; readonly silent: boolean }
  | { readonly _tag: 'RevokeToken'; readonly token: string }
  | { readonly _tag: 'ClearSession'; readonly reason: SignedOutReason }
  | { readonly _tag: 'TellOtherTabs' }

/** Commands that ask a server and, where the answer matters, are answered by an event; see `runner.ts`. */
export const questions = ['RefreshTokens', 'RevokeToken'] as const satisfies readonly Command['_tag'][]

type Step = StepOf<State, Command>
type Living = Extract<State, { readonly live: Live }>

/** How long before its expiry an access token is renewed. */
export const refreshAheadMs = 60_000

/** True when the access token should be renewed before its next use. */
export const refreshDue = (live: Live, at: number): boolean =>
  live.tokens.dead === true || at >= live.tokens.expiresAt - (live.tokens.refreshToken === null ? 0 : refreshAheadMs)

const refresh = (live: Live): Step =>
  live.tokens.refreshToken === null
    ? expire(live)
    : [{ _tag: 'Refreshing', live }, [{ _tag: 'RefreshTokens', refreshToken: live.tokens.refreshToken }]]

const expire = (live: Live): Step => [{ _tag: 'Expired', user: live.user, scopes: live.tokens.scopes }, []]

const save = (_: State, { live }: { readonly live: Live }): Step => [
  { _tag: 'SignedIn', live },
  [{ _tag: 'SaveSession', live }],
]

/** What another tab says counts if it is news: a pair that we have renewed since would be spent a second time. */
const isNews = (state: State, { live }: { readonly live: Live }): boolean =>
  !('live' in state) || live.tokens.expiresAt > state.live.tokens.expiresAt

const adopt = (state: State, event: { readonly live: Live }): Step | undefined =>
  isNews(state, event) ? [{ _tag: 'SignedIn', live: event.live }, []] : undefined

const stepUp = (live: Live, wanted: readonly string[]): Step => {
  const scopes = [...new Set([...live.tokens.scopes, ...wanted])]
  return [{ _tag: 'SteppingUp', live, scopes }, [{ _tag: 'Authorize', scopes, silent: false }]]
}

/** After a refresh: permissions that somebody wanted meanwhile are asked for, whatever it brought. */
const unlessWanted = (state: Extract<State, { _tag: 'Refreshing' }>, live: Live, otherwise: Step): Step =>
  state.wanted ? stepUp(live, state.wanted) : otherwise

const dead = (live: Live): Live => ({ ...live, tokens: { ...live.tokens, dead: true } })

const wasInUse = ({ live }: Living, event: { readonly accessToken: string }) =>
  live.tokens.accessToken === event.accessToken

const answers = ({ live }: Living, event: { readonly refreshToken: string }) =>
  live.tokens.refreshToken === event.refreshToken

/** What is kept here goes first; the network comes last. */
const end = (state: State, reason: SignedOutReason, commands: readonly Command[]): Step => [
  state._tag === 'Refreshing' && state.live.tokens.refreshToken
    ? { _tag: 'SignedOut', reason, underWay: state.live.tokens.refreshToken }
    : { _tag: 'SignedOut', reason },
  [{ _tag: 'ClearSession', reason }, ...commands],
]

const revoke = ({ refreshToken, accessToken }: Tokens): Command => ({
  _tag: 'RevokeToken',
  token: refreshToken ?? accessToken,
})

/** What every state with a person in it answers. */
const anyone = {
  SignedIn: save,
  Adopted: adopt,
  SignOut: (state: State): Step =>
    end(state, 'signed-out', [{ _tag: 'TellOtherTabs' }, ...('live' in state ? [revoke(state.live.tokens)] : [])]),
  OtherTabSignedOut: (state: State): Step => end(state, 'other-tab', []),
}

/** What a session answers that holds tokens and is not waiting for anything. */
const holding = {
  ...anyone,
  Needed: ({ live }: Living, { at }: { readonly at: number }) => (refreshDue(live, at) ? refresh(live) : undefined),
  Rejected: (state: Living, event: { readonly accessToken: string }) =>
    wasInUse(state, event) ? refresh(dead(state.live)) : undefined,
  ScopesRequired: ({ live }: Living, { scopes }: { readonly scopes: readonly string[] }) => stepUp(live, scopes),
}

export const table: Table<State, Event, Command> = {
  SignedOut: {
    SignedIn: save,
    // What other tabs said before they heard of a sign-out is late.
    Adopted: (state, event) => (state.reason ? undefined : adopt(state, event)),
    Refreshed: ({ underWay, ...state }, { refreshToken, tokens }) =>
      underWay === refreshToken ? [state, [revoke(tokens)]] : undefined,
  },
  SignedIn: holding,
  Refreshing: {
    ...anyone,
    Adopted: (state, event) => {
      const adopted = adopt(state, event)
      return adopted && unlessWanted(state, event.live, adopted)
    },
    Refreshed: (state, event) => {
      if (!answers(state, event)) return undefined
      const live = { ...state.live, tokens: event.tokens }
      const saved: Command = { _tag: 'SaveSession', live }
      const [next, commands] = unlessWanted(state, live, [{ _tag: 'SignedIn', live }, []])
      return [next, [saved, ...commands]]
    },
    RefreshRefused: (state, event) => {
      if (!answers(state, event)) return undefined
      const live = { ...state.live, tokens: { ...state.live.tokens, refreshToken: null } }
      return unlessWanted(state, live, refreshDue(live, event.at) ? expire(live) : [{ _tag: 'Ending', live }, []])
    },
    RefreshUnavailable: (state, event) =>
      answers(state, event)
        ? unlessWanted(state, state.live, [{ _tag: 'TryLater', live: state.live, until: event.until }, []])
        : undefined,
    ScopesRequired: (state, { scopes }) => {
      const wanted = new Set([...(state.wanted ?? []), ...scopes])
      return wanted.size === state.wanted?.length ? undefined : [{ ...state, wanted: [...wanted] }, []]
    },
  },
  TryLater: {
    ...holding,
    Needed: (state, event) => (event.at < state.until ? undefined : holding.Needed(state, event)),
    Rejected: (state, event) => (wasInUse(state, event) ? [{ ...state, live: dead(state.live) }, []] : undefined),
  },
  Ending: holding,
  Expired: {
    ...anyone,
    Navigated: ({ user, scopes, until = 0 }, { at }) =>
      at < until ? undefined : [{ _tag: 'Restoring', user, scopes }, [{ _tag: 'Authorize', scopes, silent: true }]],
  },
  Restoring: {
    ...anyone,
    Restored: save,
    RestoreFailed: (state) => end(state, 'ended', []),
    RestoreUnavailable: ({ user, scopes }, { until }) => [{ _tag: 'Expired', user, scopes, until }, []],
  },
  /** The page is about to leave for the server, or a popup is open: the tokens in hand are used as they are. */
  SteppingUp: {
    ...anyone,
    Adopted: (state, event) => (isNews(state, event) ? [{ ...state, live: event.live }, []] : undefined),
    SteppedUp: save,
    StepUpAbandoned: ({ live }) => [{ _tag: 'SignedIn', live }, []],
  },
}

export const transition = transitionOf(table)
