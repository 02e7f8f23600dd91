/**
 * One request, and the session it carries: opened from the request's cookies, renewed when due, and committed as
 * `Set-Cookie` values of its answer. The session machine decides; this file carries out what it says.
 */
import { type Interpreter, interpret } from '@civitai-oauth/core/effect'
import * as Machine from '@civitai-oauth/core/session'
import * as Effect from 'effect/Effect'
import { type Departure, beginAttempt } from './attempt.ts'
import type { Context } from './context.ts'
import { parseCookies, removeCookie, setCookie } from './cookie.ts'
import { heldUp } from './hold.ts'
import type { Change, Kept } from './keeper.ts'
import { isDocumentNavigation } from './navigation.ts'
import { type Note, readNote, writeNote } from './note-cookie.ts'
import { renew } from './renewal.ts'
import { isSignedOut, writeSignedOut } from './signed-out.ts'
import { run } from './run.ts'

export interface Visit {
  readonly cookies: ReadonlyMap<string, string>
  /** What stands now. */
  state(): Machine.State
  /** Answers the state after the event and all it led to. After `commit`, nothing may rotate any more. */
  dispatch(event: Machine.Event): Promise<Machine.State>
  /** Where the machine wants the browser to go instead of the page. */
  departure(): Departure | undefined
  /** The `Set-Cookie` values this visit leads to. Called once; afterwards the session stays as it is. */
  commit(): Promise<string[]>
}

/** Two automatic round trips within this time are a loop: the second is not started. */
const guardSeconds = 30

const stateOf = (kept: Kept | undefined, note: Note | undefined, now: number): Machine.State => {
  if (kept === undefined) return { _tag: 'SignedOut' }
  if (kept._tag === 'Ended') return { _tag: 'SignedOut', reason: 'ended' }
  const { live } = kept
  if (note === undefined) return { _tag: 'SignedIn', live }
  if (note === 'refused' && now < live.tokens.expiresAt)
    return { _tag: 'Ending', live: { ...live, tokens: { ...live.tokens, refreshToken: null } } }
  return { _tag: 'Expired', user: live.user, scopes: live.tokens.scopes }
}

/**
 * - `renew`: tokens are renewed when due, and an expired session is restored where a person navigates.
 * - `as-is`: whatever the cookie says; nothing is sent.
 * - `restoring`: the session this request carries is the one a silent attempt was about.
 */
type How = 'renew' | 'as-is' | 'restoring'

export const openVisit = async (context: Context, request: Request, how: How = 'renew'): Promise<Visit> => {
  const { settings, platform, server, keeper, refresher, sealer, signedOut } = context
  const { now } = platform
  const emit = settings.onEvent
  const site = context.site(request)
  const { names } = site
  const cookies = parseCookies(request.headers.get('cookie'))
  const carried = { cookies, names }
  const kept = await keeper.read(carried)
  const tokens = kept?._tag === 'Live' ? kept.live.tokens : undefined
  const url = new URL(request.url)

  let state = stateOf(kept, tokens && (await readNote(cookies, names, sealer, tokens)), now())
  // Another tab may have brought a new pair meanwhile: then there is nothing to restore.
  if (how === 'restoring' && kept?._tag === 'Live' && (state._tag === 'Expired' || now() >= kept.live.tokens.expiresAt))
    state = { _tag: 'Restoring', user: kept.live.user, scopes: kept.live.tokens.scopes }
  let change: Change | undefined
  /** A sign-in makes another session of it; a refresh leaves it the same. */
  let began = false
  let departure: Departure | undefined
  let committed = false
  const userId = kept?._tag === 'Live' ? kept.live.user.id : ''
  const id = kept?._tag === 'Live' ? kept.id : undefined
  /** The session that the person signed out of, where a late cookie could bring it back. */
  let leftBehind: Machine.Live | undefined
  /** The refresh tokens that this visit had renewed. */
  const renewed: string[] = []

  /** Revokes a token, and whatever took its place meanwhile without this browser having heard of it. */
  const takeBack = Effect.fnUntraced(function* (token: string) {
    for (let next: string | undefined = token; next !== undefined; next = yield* refresher.successor(next, id))
      if (!(yield* server.revoke(next))) emit({ type: 'revocation-failed' })
  })

  const carryOut = (command: Machine.Command): Effect.Effect<Machine.Event | undefined> => {
    switch (command._tag) {
      case 'RefreshTokens':
        renewed.push(command.refreshToken)
        return Effect.flatMap(machine.state, (now) =>
          'live' in now ? renew(context, now.live, command.refreshToken, id) : Effect.succeed(undefined),
        )
      case 'SaveSession':
        return Effect.sync(() => {
          const same = kept?._tag === 'Live' && kept.live.user.id === command.live.user.id
          const tag = how === 'restoring' && same ? 'Restored' : 'Began'
          change = { _tag: began ? tag : 'Renewed', live: command.live }
          return undefined
        })
      case 'Authorize': {
        const { scopes, silent } = command
        if (silent) emit({ type: 'restoring', userId })
        const returnTo = url.pathname + url.search
        return Effect.map(
          beginAttempt(context, site, cookies, { scopes, silent, returnTo }),
          (going) => void (departure = going),
        )
      }
      case 'RevokeToken':
        return Effect.as(heldUp(platform, takeBack(command.token)), undefined)
      case 'ClearSession':
        return Effect.sync(() => {
          if (command.reason === 'signed-out' && kept?._tag === 'Live') {
            signedOut.remember(kept.live)
            // A store forgets the session; a cookie may be on its way back.
            if (id === undefined) leftBehind = kept.live
          }
          if (command.reason !== 'other-tab')
            emit({ type: command.reason === 'ended' ? 'session-ended' : 'signed-out', userId })
          change = { _tag: command.reason === 'ended' ? 'Ended' : 'SignedOut' }
          return undefined
        })
      // Other tabs are told by the browser's own store.
      case 'TellOtherTabs':
        return Effect.succeed(undefined)
    }
  }

  const machine: Interpreter<Machine.State, Machine.Event> = await run(
    interpret(Machine.transition, state, carryOut, Machine.questions),
  )
  const dispatch = async (event: Machine.Event) => {
    if (event._tag === 'SignedIn' || event._tag === 'SteppedUp' || event._tag === 'Restored') began = true
    if (!committed) state = await run(machine.dispatch(event))
    return state
  }

  const noteFor = (): Note | undefined => {
    if (tokens === undefined || change !== undefined) return
    if (state._tag === 'Ending') return 'refused'
    return state._tag === 'Expired' || state._tag === 'Restoring' ? 'spent' : undefined
  }

  // It came after a sign-out, from a page that was under way: its tokens are taken back, and nobody gets to see it.
  if (kept?._tag === 'Live' && (await isSignedOut(kept.live, cookies, names, sealer))) {
    signedOut.remember(kept.live)
    await dispatch({ _tag: 'OtherTabSignedOut' })
    await run(heldUp(platform, takeBack(kept.live.tokens.refreshToken ?? kept.live.tokens.accessToken)))
  }

  const settle = async () => {
    const live = change !== undefined && 'live' in change ? change.live : kept?._tag === 'Live' && kept.live
    if (live && signedOut.has(live)) await dispatch({ _tag: 'OtherTabSignedOut' })
    if (how === 'renew' && state._tag === 'Expired' && isDocumentNavigation(request) && !cookies.has(names.guard))
      await dispatch({ _tag: 'Navigated', at: now() })
  }

  if (how === 'renew') await dispatch({ _tag: 'Needed', at: now() })
  await settle()

  return {
    cookies,
    state: () => state,
    dispatch,
    departure: () => departure,
    commit: async () => {
      await settle()
      committed = true
      const note = noteFor()
      const written = change === undefined ? [] : await keeper.keep(change, kept, carried)
      for (const token of renewed) await run(refresher.delivered(token, id))
      return [
        ...written,
        ...(note !== undefined && tokens !== undefined
          ? [await writeNote(note, names, sealer, tokens, settings.lifetimes.idle)]
          : cookies.has(names.note) && change !== undefined
            ? [removeCookie(names, names.note)]
            : []),
        ...(leftBehind === undefined ? [] : [await writeSignedOut(leftBehind, names, sealer)]),
        ...(departure?.setCookies ?? []),
        ...(departure !== undefined && state._tag === 'Restoring'
          ? [setCookie(names, names.guard, '1', guardSeconds)]
          : []),
      ]
    },
  }
}
