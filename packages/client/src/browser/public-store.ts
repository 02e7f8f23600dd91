/**
 * A public client in a browser: core's session machine runs with promises, and this file carries out what it says.
 * Tokens live in memory; a new tab asks its siblings, a lone reload restores the session through one silent round trip.
 */
import { AuthError, type ClientErrorTag } from '@civitai-oauth/core/errors'
import { run } from '@civitai-oauth/core/runner'
import * as Session from '@civitai-oauth/core/session'
import { circleMs, circling } from '../circling.ts'
import { missingScopes } from '../missing-scopes.ts'
import { viewOf } from '../session-view.ts'
import { comeBack, leave } from './public-attempt.ts'
import { type PublicOptions, targetOf } from './public-options.ts'
import { refreshOnce } from './public-refresh.ts'
import { initialState, openShelf } from './shelf.ts'
import { openSiblings } from './siblings.ts'
import type { AuthStore, BrowserSession } from './store.ts'

export type { PublicOptions } from './public-options.ts'

export interface PublicStore<S extends string = string> extends AuthStore<S> {
  /** Why the last sign-in did not succeed. */
  error(): ClientErrorTag | undefined
  /** An access token that is not about to run out. Throws `NotSignedIn` or `ServerUnavailable`. */
  accessToken(): Promise<string>
}

/** Two automatic round trips within this time are a loop: the second is not started. */
const guardMs = 30_000

export const createPublicStore = <S extends string = string>(options: PublicOptions<S>): PublicStore<S> => {
  const target = targetOf(options)
  const { dialect, apiOrigin, issuer } = target
  const callbackPath = options.callbackPath ?? '/oauth/callback'
  const scopesAtSignIn = dialect.scopes.setOf([...dialect.scopes.baseline, ...(options.scopes ?? [])])
  // A token goes to no server but the one it came from, whatever this app is told tomorrow.
  const name = `civitai-oauth:${options.clientId}@${issuer}`
  const shelf = openShelf(name, options.persist ?? 'memory')
  const query = new URLSearchParams(location.pathname === callbackPath ? location.search : '')
  const attempt = shelf.attempt(query.get('state') ?? '')

  let settled = false
  let error = shelf.takeError()
  let session: BrowserSession<S> = { status: 'unknown' }
  const listeners = new Set<() => void>()
  const publish = () => {
    const next: BrowserSession<S> = settled ? viewOf(machine.state()) : { status: 'unknown' }
    if (JSON.stringify(next) === JSON.stringify(session)) return
    session = next
    for (const listener of listeners) listener()
  }

  const current = () => {
    const state = machine.state()
    return 'live' in state ? state.live : undefined
  }
  /** The pair of the last refresh, from the moment it is there: another tab may ask before the machine has heard of it. */
  let newest: Session.Live | undefined
  const held = () => {
    const live = current()
    if (!live || shelf.isOver(live)) return
    if (newest?.signedInAt === live.signedInAt && newest.tokens.expiresAt > live.tokens.expiresAt) return newest
    return live.tokens.dead === true ? undefined : live
  }
  /** What was asked for again just now, and not granted again: asking once more would go round in circles. */
  let refused: readonly string[] = []
  const isRefused = (scopes: readonly string[]) =>
    Date.now() - (current()?.signedInAt ?? 0) <= circleMs && scopes.every((scope) => refused.includes(scope))
  /** The access token other tabs know of: what came from them is not told to them again. */
  let told: string | undefined

  /** The browser was sent to the server. Who is still, or again, on this page did not go, or came back by another way. */
  let leaving = false
  const authorize = async (
    scopes: readonly string[],
    silent: boolean,
    back = location.pathname + location.search + location.hash,
  ) => {
    const now = Date.now()
    if (silent && Math.abs(now - shelf.guard()) < guardMs)
      return { _tag: 'RestoreUnavailable', until: now + guardMs } as const
    if (silent) shelf.keepGuard(now)
    leaving = true
    if (await leave(target, shelf, callbackPath, { scopes, back, silent })) return
    leaving = false
    error = 'StoreUnavailable'
    for (const listener of listeners) listener()
    return silent
      ? ({ _tag: 'RestoreUnavailable', until: now + guardMs } as const)
      : ({ _tag: 'StepUpAbandoned' } as const)
  }

  const carryOut = (command: Session.Command): Promise<Session.Event | void> | void => {
    switch (command._tag) {
      case 'RefreshTokens':
        return siblings.alone(() => refreshOnce(tools, command.refreshToken))
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
      // `signOut` has told them.
      case 'TellOtherTabs':
        return
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
    if (shelf.isOver(live)) return
    told = live.tokens.accessToken
    if (message.type === 'signed-in') return void machine.dispatch({ _tag: 'SignedIn', live })
    shelf.keep(live)
    void machine.dispatch({ _tag: 'Adopted', live })
  })

  const tools = { target, shelf, siblings, current, renewed: (live: Session.Live) => void (newest = live) }

  const finish = async (): Promise<void> => {
    if (attempt === undefined) {
      error = 'AttemptMissing'
      history.replaceState(history.state, '', '/')
      return
    }
    const arrival = await comeBack(target, shelf, attempt, query)
    const before = machine.state()
    const known = shelf.known()
    const isBack = arrival._tag === 'Arrived' && before._tag === 'Restoring' && before.user.id === arrival.live.user.id
    // A silent round trip brings back the person who was here. Another account of this browser was not asked for, and
    // who signed out meanwhile stays signed out.
    if (arrival._tag === 'Arrived' && attempt.pending.silent && !isBack)
      await machine.dispatch({ _tag: 'RestoreFailed' })
    else if (arrival._tag === 'Arrived') {
      // It came back: whatever is next is no loop.
      shelf.keepGuard(0)
      // Clocks are set back: a sign-out is never later than the sign-in that follows it.
      if (shelf.isOver(arrival.live)) shelf.markSignedOut(arrival.live.signedInAt)
      refused = circling(known, arrival.live, attempt.scopes)
      if (refused.length > 0) error = 'ScopesMissing'
      await machine.dispatch({ _tag: 'SignedIn', live: arrival.live })
      siblings.tell({ type: 'signed-in', live: arrival.live })
    } else if (attempt.pending.silent)
      await machine.dispatch(
        arrival.refused ? { _tag: 'RestoreFailed' } : { _tag: 'RestoreUnavailable', until: Date.now() + guardMs },
      )
    else {
      error = arrival.error
      shelf.keepError(error)
    }
    // The code must not stay in the address; routers are told as for a step back.
    history.replaceState(history.state, '', attempt.pending.returnTo)
    dispatchEvent(new PopStateEvent('popstate', { state: history.state }))
  }

  /** The session that another tab holds, if it began after the one held here. */
  const join = async (): Promise<void> => {
    const since = current()?.signedInAt ?? 0
    const beganLater = ({ signedInAt }: Session.Live) => signedInAt > since
    const kept = shelf.live()
    const live = kept && beganLater(kept) ? kept : await siblings.ask(beganLater)
    if (live === undefined || shelf.isOver(live)) return
    told = live.tokens.accessToken
    await machine.dispatch({ _tag: 'SignedIn', live })
  }
  const settle = () => {
    settled = true
    publish()
  }

  /** Once for the life of the page, whatever mounts or unmounts meanwhile. */
  const open = async (): Promise<void> => {
    const arriving = query.has('state')
    if (arriving) await finish()
    // Tokens went with the page before: who was signed in when a sign-in came to nothing still is.
    if (!arriving || (error !== undefined && machine.state()._tag === 'Expired')) {
      if (!current()) await join()
      await machine.dispatch({ _tag: 'Needed', at: Date.now() })
      await machine.dispatch({ _tag: 'Navigated', at: Date.now() })
      // On the way to the server: until the page is gone, nothing is known.
      if (machine.state()._tag === 'Restoring') return
    }
    settle()
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

  /** A person comes back to this tab: from another one, from sleep, or with the back button. */
  const awake = async (): Promise<void> => {
    if (document.visibilityState !== 'visible') return
    siblings.slept()
    if (leaving) {
      leaving = false
      await machine.dispatch({ _tag: 'StepUpAbandoned' })
      await machine.dispatch({ _tag: 'RestoreUnavailable', until: Date.now() + guardMs })
      settle()
    }
    await opened
    const live = current()
    if (live && shelf.isOver(live)) await machine.dispatch({ _tag: 'OtherTabSignedOut' })
    await join()
    await machine.dispatch({ _tag: 'Needed', at: Date.now() })
  }
  document.addEventListener('visibilitychange', () => void awake())
  addEventListener('pageshow', ({ persisted }) => void (persisted && awake()))

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
      const granted = current()?.tokens.scopes ?? []
      void authorize(dialect.scopes.setOf([...scopesAtSignIn, ...granted, ...scopes]), false, returnTo)
    },
    signOut: async ({ returnTo } = {}) => {
      await opened
      // Said even where nobody is signed in here: a tab that sleeps may hold a session that this one never heard of.
      shelf.markSignedOut(Date.now())
      siblings.tell({ type: 'signed-out' })
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
