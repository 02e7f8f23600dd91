/**
 * A public client in a browser: core's session machine runs with promises, and this file carries out what it says.
 * Tokens live in memory; a new tab asks its siblings, a lone reload restores the session through one silent round trip.
 */
import type { Protocol } from '@civitai-oauth/core/dialect'
import { civitaiProtocol } from '@civitai-oauth/core/dialects/civitai-protocol'
import { AuthError, type ClientErrorTag } from '@civitai-oauth/core/errors'
import { run } from '@civitai-oauth/core/runner'
import * as Session from '@civitai-oauth/core/session'
import { defaultApiOrigin } from '../api-origin.ts'
import { circleMs, circling } from '../circling.ts'
import { missingScopes } from '../missing-scopes.ts'
import { viewOf } from '../session-view.ts'
import { tokensOf } from '../token-answer.ts'
import { comeBack, leave } from './public-attempt.ts'
import { type PublicTarget, askToken } from './public-token.ts'
import { type Shelf, openShelf } from './shelf.ts'
import { openSiblings } from './siblings.ts'
import type { AuthStore, BrowserSession } from './store.ts'

export interface PublicOptions<S extends string = string> {
  readonly clientId: string
  /** What to ask for at sign-in; the dialect's baseline is always among it. The dialect says what there is to name. */
  readonly scopes?: readonly NoInfer<S>[]
  /** Default: Civitai. */
  readonly dialect?: Protocol<S>
  /** Default: production. */
  readonly issuer?: string
  /** Where `fetch` resolves paths and sends the bearer. Default: beside the issuer. */
  readonly apiOrigin?: string
  /** The path of the registered redirect URI. Default `/oauth/callback`. */
  readonly callbackPath?: string
  /** `local` keeps tokens in localStorage, across tabs and restarts, where any script of this origin can read them. */
  readonly persist?: 'memory' | 'local'
}

export interface PublicStore<S extends string = string> extends AuthStore<S> {
  /** Why the last sign-in did not succeed. */
  error(): ClientErrorTag | undefined
  /** An access token that is not about to run out. Throws `NotSignedIn` or `ServerUnavailable`. */
  accessToken(): Promise<string>
}

/** Two automatic round trips within this time are a loop: the second is not started. */
const guardMs = 30_000
const backOffMs = 5_000

const trimSlash = (address: string) => address.replace(/\/+$/, '')

const targetOf = <S extends string>(options: PublicOptions<S>): PublicTarget & { readonly apiOrigin: string } => {
  const dialect = (options.dialect ?? civitaiProtocol) as Protocol<string> as Protocol
  const issuer = trimSlash(options.issuer ?? dialect.production.auth)
  const apiOrigin = trimSlash(options.apiOrigin ?? defaultApiOrigin(dialect, issuer))
  const tokenBase = dialect.hosts === 'two' ? apiOrigin : issuer
  return { dialect, clientId: options.clientId, issuer, tokenBase, apiOrigin }
}

/** Where the session stands as the page opens: held, known from before a reload, or nowhere. */
const initialState = (shelf: Shelf, restoring: boolean): Session.State => {
  const live = shelf.live()
  if (live !== undefined) return { _tag: 'SignedIn', live }
  const known = shelf.known()
  if (known === undefined) return { _tag: 'SignedOut' }
  return { _tag: restoring ? 'Restoring' : 'Expired', user: known.user, scopes: known.scopes }
}

export const createPublicStore = <S extends string = string>(options: PublicOptions<S>): PublicStore<S> => {
  const target = targetOf(options)
  const { dialect, apiOrigin, issuer } = target
  const callbackPath = options.callbackPath ?? '/oauth/callback'
  const scopesAtSignIn = dialect.scopes.setOf([...dialect.scopes.baseline, ...(options.scopes ?? [])])
  const name = `civitai-oauth:${options.clientId}`
  const shelf = openShelf(name, options.persist ?? 'memory')
  const query = new URLSearchParams(location.pathname === callbackPath ? location.search : '')
  const attempt = shelf.attempt(query.get('state') ?? '')

  let settled = false
  let error: ClientErrorTag | undefined
  let session: BrowserSession<S> = { status: 'unknown' }
  const listeners = new Set<() => void>()
  const publish = () => {
    const next: BrowserSession<S> = settled ? viewOf(machine.state()) : { status: 'unknown' }
    if (JSON.stringify(next) === JSON.stringify(session)) return
    session = next
    for (const listener of listeners) listener()
  }

  /** The pair of the last refresh, from the moment it is there: another tab may ask before the machine has heard of it. */
  let newest: Session.Live | undefined
  const held = () => {
    const state = machine.state()
    if (!('live' in state)) return
    if (newest && newest.tokens.expiresAt > state.live.tokens.expiresAt) return newest
    return state.live.tokens.dead === true ? undefined : state.live
  }
  /** What was asked for again just now, and not granted again: asking once more would go round in circles. */
  let refused: readonly string[] = []
  const isRefused = (scopes: readonly string[]) => {
    const state = machine.state()
    const since = 'live' in state ? Date.now() - state.live.signedInAt : 0
    return since <= circleMs && scopes.every((scope) => refused.includes(scope))
  }
  /** The access token other tabs know of: what came from them is not told to them again. */
  let told: string | undefined

  const refresh = async (refreshToken: string): Promise<Session.Event> => {
    const state = machine.state()
    const ours = 'live' in state ? state.live : undefined
    // Another tab was first: its pair is the one that counts.
    const theirs = await siblings.ask((live) => live.tokens.expiresAt > (ours?.tokens.expiresAt ?? 0))
    if (theirs !== undefined) return { _tag: 'Adopted', live: theirs }
    const ask = () => askToken(target, 'refresh_token', { refresh_token: refreshToken })
    let answer = await ask()
    if (answer._tag === 'Unavailable' && answer.lost) answer = await ask()
    if (answer._tag === 'Granted') {
      const tokens = tokensOf(answer, ours?.tokens.scopes ?? [], refreshToken)
      newest = ours && { ...ours, tokens }
      return { _tag: 'Refreshed', refreshToken, tokens }
    }
    if (answer._tag === 'Refused' && answer.error === 'invalid_grant')
      return { _tag: 'RefreshRefused', refreshToken, at: Date.now() }
    const retryAfterMs = answer._tag === 'Unavailable' ? answer.retryAfterMs : backOffMs
    return { _tag: 'RefreshUnavailable', refreshToken, until: Date.now() + retryAfterMs }
  }

  const authorize = async (scopes: readonly string[], silent: boolean, back = location.pathname + location.search) => {
    const now = Date.now()
    if (silent && now - shelf.guard() < guardMs) return { _tag: 'RestoreUnavailable', until: now + guardMs } as const
    if (silent) shelf.keepGuard(now)
    await leave(target, shelf, callbackPath, { scopes, back, silent })
  }

  const carryOut = (command: Session.Command): Promise<Session.Event | void> | void => {
    switch (command._tag) {
      case 'RefreshTokens':
        return siblings.alone(() => refresh(command.refreshToken))
      case 'SaveSession': {
        shelf.keep(command.live)
        const { accessToken } = command.live.tokens
        if (told !== accessToken) siblings.tell({ type: 'session', live: command.live })
        told = accessToken
        return
      }
      case 'Authorize':
        return authorize(command.scopes, command.silent)
      case 'ClearSession':
        return shelf.clear()
      case 'TellOtherTabs':
        return siblings.tell({ type: 'signed-out' })
      // Civitai takes tokens back from confidential apps only: here they run out by themselves.
      case 'RevokeToken':
    }
  }

  const machine = run(
    Session.transition,
    initialState(shelf, attempt?.pending.silent === true),
    carryOut,
    Session.questions,
  )
  machine.subscribe(publish)
  const siblings = openSiblings(name, held, (message) => {
    if (message.type === 'signed-out') return void machine.dispatch({ _tag: 'OtherTabSignedOut' })
    const { live } = message
    told = live.tokens.accessToken
    if (message.type === 'signed-in') return void machine.dispatch({ _tag: 'SignedIn', live })
    shelf.keep(live)
    void machine.dispatch({ _tag: 'Adopted', live })
  })

  const finish = async (): Promise<void> => {
    if (attempt === undefined) {
      error = 'AttemptMissing'
      return
    }
    const arrival = await comeBack(target, shelf, attempt, query)
    const before = machine.state()
    const known = shelf.known()
    // A silent round trip brings back the person who was here; another account of this browser was not asked for.
    if (arrival._tag === 'Arrived' && before._tag === 'Restoring' && before.user.id !== arrival.live.user.id)
      await machine.dispatch({ _tag: 'RestoreFailed' })
    else if (arrival._tag === 'Arrived') {
      refused = circling(known, arrival.live, attempt.scopes)
      if (refused.length > 0) error = 'ScopesMissing'
      await machine.dispatch({ _tag: 'SignedIn', live: arrival.live })
      siblings.tell({ type: 'signed-in', live: arrival.live })
    } else if (attempt.pending.silent)
      await machine.dispatch(
        arrival.refused ? { _tag: 'RestoreFailed' } : { _tag: 'RestoreUnavailable', until: Date.now() + guardMs },
      )
    else error = arrival.error
    // The code must not stay in the address; routers are told as for a step back.
    history.replaceState(history.state, '', attempt.pending.returnTo)
    dispatchEvent(new PopStateEvent('popstate', { state: history.state }))
  }

  /** Once for the life of the page, whatever mounts or unmounts meanwhile. */
  const open = async (): Promise<void> => {
    if (query.has('state')) await finish()
    else {
      const theirs = await siblings.ask()
      if (theirs !== undefined) {
        shelf.keep(theirs)
        await machine.dispatch({ _tag: 'Adopted', live: theirs })
      }
      await machine.dispatch({ _tag: 'Needed', at: Date.now() })
      await machine.dispatch({ _tag: 'Navigated', at: Date.now() })
      // On the way to the server: until the page is gone, nothing is known.
      if (machine.state()._tag === 'Restoring') return
    }
    settled = true
    publish()
  }
  const opened = open()

  const accessToken = async (): Promise<string> => {
    await opened
    const state = await machine.dispatch({ _tag: 'Needed', at: Date.now() })
    if (!('live' in state)) throw new AuthError('NotSignedIn')
    const { accessToken, expiresAt, dead } = state.live.tokens
    if (dead !== true && Date.now() < expiresAt) return accessToken
    const until = state._tag === 'TryLater' ? state.until : Date.now()
    throw new AuthError('ServerUnavailable', { until, sent: false })
  }

  const bearerOrigins = [new URL(apiOrigin).origin, new URL(issuer).origin]
  // Browsers leave `Authorization` behind when a redirect changes the origin (Fetch, HTTP-redirect fetch).
  const send = (url: URL, init: RequestInit | undefined, token: string) => {
    const headers = new Headers(init?.headers)
    headers.set('authorization', `Bearer ${token}`)
    return fetch(url, { ...init, headers })
  }

  const awake = () => {
    if (document.visibilityState === 'visible') void machine.dispatch({ _tag: 'Needed', at: Date.now() })
  }
  document.addEventListener('visibilitychange', awake)
  addEventListener('pageshow', awake)

  return {
    get: () => session,
    error: () => error,
    accessToken,
    adopt: () => {},
    reload: async () => {
      await opened
      await machine.dispatch({ _tag: 'Needed', at: Date.now() })
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    signIn: ({ returnTo, scopes = [] } = {}) => {
      const state = machine.state()
      const granted = 'live' in state ? state.live.tokens.scopes : []
      void authorize(dialect.scopes.setOf([...scopesAtSignIn, ...granted, ...scopes]), false, returnTo)
    },
    signOut: async ({ returnTo } = {}) => {
      await opened
      await machine.dispatch({ _tag: 'SignOut' })
      if (returnTo !== undefined)
        location.assign(new URL(returnTo, location.href).origin === location.origin ? returnTo : '/')
    },
    fetch: async (input, init) => {
      const url = new URL(/^\/(?![/\\])/.test(input) ? apiOrigin + input : input, apiOrigin)
      if (!bearerOrigins.includes(url.origin)) throw new AuthError('OriginNotAllowed', { origin: url.origin })
      const token = await accessToken()
      let response = await send(url, init, token)
      if (response.status === 401) {
        await machine.dispatch({ _tag: 'Rejected', accessToken: token })
        const next = await accessToken().catch(() => token)
        if (next !== token) response = await send(url, init, next)
      }
      const missing = await missingScopes(response, dialect)
      if (missing !== undefined && !isRefused(missing))
        await machine.dispatch({ _tag: 'ScopesRequired', scopes: missing })
      return response
    },
  }
}
