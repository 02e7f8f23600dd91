/**
 * Sessions in a store; the cookie holds a sealed ticket. Of all processes one renews a session at a time: it takes a
 * lease, looks whether somebody else was first, asks the server, and saves the new pair before anybody uses it.
 */
import type { Live } from '@civitai-oauth/core/session'
import * as Effect from 'effect/Effect'
import * as Schedule from 'effect/Schedule'
import type { AuthorizationServer, Unavailable } from './authorization-server.ts'
import { sha256Hex } from './cookie.ts'
import { failure } from './error.ts'
import { run } from './run.ts'
import type { Keeper, Kept } from './keeper.ts'
import type { Settings } from './options.ts'
import type { Platform } from './platform.ts'
import type { Sealer } from './seal.ts'
import { clearSessionCookie, readSessionCookie, writeSessionCookie } from './session-cookie.ts'
import { ended, readRecord, recordOf } from './session-record.ts'
import type { SessionStore } from './store/store.ts'
import { type TokenAnswer, tokensOf } from './token-answer.ts'

/** Longer than the server is waited for, asked twice; shorter than it answers a lost refresh again. */
const leaseMs = 25_000
/** How long a request waits for another process to finish. */
const patienceMs = 12_000
/** How often a process looks whether the one that renews has finished. */
const lookEvery = 50

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const refused: TokenAnswer = { _tag: 'Refused', error: 'invalid_grant' }

/** What the store knows of this refresh token: its answer, or nothing yet. */
const answerIn = (live: Live | undefined, refreshToken: string): TokenAnswer | undefined => {
  if (live === undefined || live.tokens.refreshToken === null) return refused
  if (live.tokens.refreshToken === refreshToken) return
  const { accessToken, expiresAt, scopes } = live.tokens
  return { _tag: 'Granted', accessToken, refreshToken: live.tokens.refreshToken, expiresAt, scopes }
}

export interface StoreKeeper extends Keeper {
  /** A person's sessions, the last renewed first. */
  ofUser(userId: string): Promise<readonly Extract<Kept, { readonly _tag: 'Live' }>[]>
  forget(id: string): Promise<void>
}

export const storeKeeper = (
  { dialect: { scopes }, lifetimes }: Settings,
  sealer: Sealer,
  server: AuthorizationServer,
  { now, random }: Platform,
  store: SessionStore,
): StoreKeeper => {
  const holder = hex(random(16))
  /** A store that fails is tried again by whoever comes next: what it holds is not lost. */
  const guarded = async <A>(work: () => Promise<A>): Promise<A> => {
    try {
      return await work()
    } catch (cause) {
      throw failure('StoreUnavailable', undefined, { cause })
    }
  }
  const load = async (id: string): Promise<Live | undefined> => {
    const text = await guarded(() => store.load(id))
    const read = text && readRecord(await sealer.open('session', text), scopes, lifetimes, now())
    return read && read._tag === 'Live' ? read.live : undefined
  }
  const save = async (id: string, live: Live): Promise<void> => {
    const value = await sealer.seal('session', recordOf(live, scopes, now()))
    const expiresAt = now() + lifetimes.idle * 1000
    await guarded(() => store.save(id, { value, userId: live.user.id, expiresAt }))
  }
  /** Held for a while by whoever signed out: a renewal that looked before and saves afterwards sees it. */
  const goneOf = (id: string) => `${id}-gone`
  /** Answers that the store did not take yet, by session: nobody else has them, and the token they answer is spent. */
  const unsaved = new Map<string, { readonly refreshToken: string; readonly answer: TokenAnswer }>()
  const forget = async (id: string): Promise<void> => {
    const answer = unsaved.get(id)?.answer
    unsaved.delete(id)
    // Nobody waits for it: it is about tokens that nobody ever held.
    if (answer?._tag === 'Granted') void run(server.revoke(answer.refreshToken ?? answer.accessToken))
    await guarded(() => store.lease(goneOf(id), 'gone', leaseMs))
    await guarded(() => store.delete(id))
  }
  const isGone = async (id: string): Promise<boolean> => {
    if (!(await guarded(() => store.lease(goneOf(id), holder, 1)))) return true
    await guarded(() => store.release(goneOf(id), holder))
    return false
  }

  const storeDown: Unavailable = { _tag: 'Unavailable', lost: false, retryAfterMs: undefined }
  /** Another process is at it. */
  const waiting: Unavailable = { ...storeDown }
  const attempt = <A>(work: () => Promise<A>): Effect.Effect<A, Unavailable> =>
    Effect.tryPromise({ try: work, catch: () => storeDown })

  /** With the lease in hand: the pair somebody else brought meanwhile, or the next one, saved. */
  const renewHeld = Effect.fnUntraced(function* (
    refreshToken: string,
    id: string,
  ): Effect.fn.Return<TokenAnswer, Unavailable> {
    const live = yield* attempt(() => load(id))
    const known = answerIn(live, refreshToken)
    if (live === undefined || known !== undefined) {
      unsaved.delete(id)
      return known ?? refused
    }
    const held = unsaved.get(id)
    const answer = held?.refreshToken === refreshToken ? held.answer : yield* server.refresh(refreshToken)
    const tokens =
      answer._tag === 'Granted'
        ? tokensOf(answer, live.tokens.scopes, refreshToken)
        : // Nobody is to send it again. The access token lives on.
          answer.error === 'invalid_grant' && { ...live.tokens, refreshToken: null }
    if (!tokens) return answer
    unsaved.set(id, { refreshToken, answer })
    // Who signed out while the answer was under way stays signed out: its tokens are taken back.
    const stillThere = (yield* attempt(() => load(id))) !== undefined
    if (stillThere)
      yield* attempt(() => save(id, { ...live, tokens })).pipe(
        Effect.retry({ times: 3, schedule: Schedule.spaced(lookEvery) }),
      )
    if (!stillThere || (yield* attempt(() => isGone(id)))) {
      yield* attempt(() => forget(id))
      return refused
    }
    unsaved.delete(id)
    return answer
  })

  const renewLeased = Effect.fnUntraced(function* (
    refreshToken: string,
    id: string,
  ): Effect.fn.Return<TokenAnswer | undefined, Unavailable> {
    if (yield* attempt(() => store.lease(id, holder, leaseMs)))
      return yield* Effect.ensuring(
        renewHeld(refreshToken, id),
        Effect.promise(() => store.release(id, holder).catch(() => {})),
      )
    // Somebody else is at it: what they bring is what everybody gets.
    const live = yield* attempt(() => load(id))
    return answerIn(live, refreshToken)
  })

  return {
    forget,
    read: async (carried) => {
      const text = readSessionCookie(carried)
      const read = text && readRecord(await sealer.open('session', text), scopes, lifetimes, now())
      if (!read || read._tag === 'Live') return
      if (read._tag === 'Ended') return read
      const id = await sha256Hex(read.ticket)
      const live = await load(id)
      return live && { _tag: 'Live', live, id }
    },
    keep: async (change, before, carried) => {
      const id = before?._tag === 'Live' ? before.id : undefined
      // It was saved under the lease, before it was used.
      if (change._tag === 'Renewed') return []
      // The same person in the same browser, brought back: requests under way with this ticket go on.
      if (change._tag === 'Restored' && id !== undefined) {
        await save(id, change.live)
        return []
      }
      if (id !== undefined) await forget(id)
      if (change._tag === 'SignedOut') return clearSessionCookie(carried)
      if (change._tag === 'Ended')
        return writeSessionCookie(await sealer.seal('session', ended), carried, lifetimes.idle)
      // Another ticket at every sign-in: one that was known before opens nothing afterwards.
      const ticket = hex(random(32))
      await save(await sha256Hex(ticket), change.live)
      return writeSessionCookie(await sealer.seal('session', { ticket }), carried, lifetimes.idle)
    },
    renew: (refreshToken, id) =>
      id === undefined
        ? server.refresh(refreshToken)
        : renewLeased(refreshToken, id).pipe(
            Effect.flatMap((answer) => (answer === undefined ? Effect.fail(waiting) : Effect.succeed(answer))),
            Effect.retry({
              times: patienceMs / lookEvery,
              schedule: Schedule.spaced(lookEvery),
              while: (failed) => failed === waiting,
            }),
          ),
    ofUser: async (userId) => {
      const ids = await guarded(() => store.ofUser(userId))
      const found = await Promise.all(ids.map(async (id) => ({ _tag: 'Live' as const, live: await load(id), id })))
      return found.filter((one): one is typeof one & { readonly live: Live } => one.live !== undefined)
    },
  }
}
