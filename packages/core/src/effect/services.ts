/**
 * What the interpreters need from the world: a token endpoint, a place for attempts, a place for the session, the person's
 * browser, and randomness. Time is Effect's own `Clock`, so a `TestClock` moves all of it.
 *
 * Scopes, presets and the rest of the domain are no services: they are plain values and pure functions, the same
 * everywhere, and there is nothing about them to replace.
 */
import * as Context from 'effect/Context'
import * as Effect from 'effect/Effect'
import * as Layer from 'effect/Layer'
import type { AuthError } from '../errors.ts'
import type { Live, SignedOutReason } from '../session.ts'
import type { Command, Pending, Tokens, VerifiedCallback } from '../sign-in.ts'

/** The server gave no answer that counts: a timeout, a 429, a 5xx. Its detail says until when to wait. */
export type Unavailable = AuthError<'ServerUnavailable'>

export class TokenEndpoint extends Context.Service<
  TokenEndpoint,
  {
    /** RFC 6749 section 4.1.3. Sent once, whatever comes of it. */
    readonly exchange: (callback: VerifiedCallback) => Effect.Effect<Tokens, AuthError<'ExchangeRefused'> | Unavailable>
    /** RFC 6749 section 6. */
    readonly refresh: (refreshToken: string) => Effect.Effect<Tokens, AuthError<'RefreshRefused'> | Unavailable>
    /** RFC 7009. */
    readonly revoke: (token: string) => Effect.Effect<void, Unavailable>
  }
>()('@civitai-oauth/core/TokenEndpoint') {}

/** Sign-in attempts, one by one: on a server a sealed cookie each. */
export class AttemptStore extends Context.Service<
  AttemptStore,
  {
    readonly keep: (pending: Pending) => Effect.Effect<void, AuthError<'StoreUnavailable'>>
    /** The attempt with this `state`, unless it was dropped. */
    readonly find: (state: string) => Effect.Effect<Pending | undefined, AuthError<'StoreUnavailable'>>
    readonly drop: (pending: Pending) => Effect.Effect<void, AuthError<'StoreUnavailable'>>
  }
>()('@civitai-oauth/core/AttemptStore') {
  /** In memory: for a command line, a desktop app or a test. */
  static readonly memory = Layer.sync(AttemptStore, () => {
    const attempts = new Map<string, Pending>()
    return {
      keep: (pending) => Effect.sync(() => void attempts.set(pending.state, pending)),
      find: (state) => Effect.sync(() => attempts.get(state)),
      drop: (pending) => Effect.sync(() => void attempts.delete(pending.state)),
    }
  })
}

/** One session: what the app still knows at its next start. Saving is idempotent, so it may be tried again. */
export class SessionStore extends Context.Service<
  SessionStore,
  {
    readonly load: Effect.Effect<Live | undefined, AuthError<'StoreUnavailable'>>
    readonly save: (live: Live) => Effect.Effect<void, AuthError<'StoreUnavailable'>>
    readonly clear: (reason: SignedOutReason) => Effect.Effect<void, AuthError<'StoreUnavailable'>>
  }
>()('@civitai-oauth/core/SessionStore') {
  /** In memory: signed out when the process ends. */
  static readonly memory = Layer.sync(SessionStore, () => {
    let kept: Live | undefined
    return {
      load: Effect.sync(() => kept),
      save: (live) => Effect.sync(() => void (kept = live)),
      clear: () => Effect.sync(() => void (kept = undefined)),
    }
  })
}

/** The person's browser. */
export class UserAgent extends Context.Service<
  UserAgent,
  {
    /** Takes the person to the authorize endpoint; `pending.silent` asks with `prompt=none`. */
    readonly authorize: (request: Extract<Command, { readonly _tag: 'Authorize' }>) => Effect.Effect<void>
    /** Says that the person signed out here. Where there are no tabs, nothing. */
    readonly tellOtherTabs: Effect.Effect<void>
  }
>()('@civitai-oauth/core/UserAgent') {}

/** Unguessable bytes for states and verifiers. Not Effect's `Random`, which is not made for secrets. */
export class Randomness extends Context.Service<
  Randomness,
  { readonly bytes: (count: number) => Effect.Effect<Uint8Array> }
>()('@civitai-oauth/core/Randomness') {
  /** WebCrypto: there in Node, Deno, Bun, workers and browsers. */
  static readonly webCrypto = Layer.succeed(Randomness, {
    bytes: (count) => Effect.sync(() => crypto.getRandomValues(new Uint8Array(count))),
  })
}
