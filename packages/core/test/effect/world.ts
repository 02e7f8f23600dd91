/** A token endpoint, a browser and stores that a test can watch and break. */
import * as Effect from 'effect/Effect'
import * as Layer from 'effect/Layer'
import * as Tracer from 'effect/Tracer'
import { AttemptStore, Randomness, SessionStore, TokenEndpoint, UserAgent } from '../../src/effect/index.ts'
import type { AuthError } from '../../src/errors.ts'
import type { Live } from '../../src/session.ts'
import type { Command, Pending, Tokens } from '../../src/sign-in.ts'

export const hour = 3_600_000
export const pair = (n: number): Tokens => ({
  accessToken: `access ${n}`,
  refreshToken: `refresh ${n}`,
  expiresAt: n * hour,
  scopes: ['UserRead'],
})
export const live = (n: number): Live => ({ user: { id: '1', username: 'ada' }, tokens: pair(n), signedInAt: 0 })

/** Notes the names of the spans that end, and hands everything a span holds to `look`. */
export const spying = (names: string[], look: (held: string) => void = () => {}) =>
  Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      names.push(span.name)
      look(JSON.stringify([[...span.attributes], span.events]))
      return span
    },
  })

/** Each call takes the next answer; the last one stays. */
export class World {
  readonly log: string[] = []
  readonly authorized: Extract<Command, { readonly _tag: 'Authorize' }>[] = []
  readonly attempts = new Map<string, Pending>()
  answers: Effect.Effect<Tokens, AuthError<'ServerUnavailable'>>[] = [Effect.succeed(pair(2))]
  refusal: AuthError<'ExchangeRefused'> | AuthError<'RefreshRefused'> | undefined
  revoking: Effect.Effect<void, AuthError<'ServerUnavailable'>> = Effect.void
  storing: Effect.Effect<void, AuthError<'StoreUnavailable'>> = Effect.void
  kept: Live | undefined
  private count = 0

  private readonly next = <E>(what: string): Effect.Effect<Tokens, AuthError<'ServerUnavailable'> | E> =>
    Effect.suspend((): Effect.Effect<Tokens, AuthError<'ServerUnavailable'> | E> => {
      this.log.push(what)
      if (this.refusal !== undefined) return Effect.fail(this.refusal as E)
      const index = Math.min(this.count++, this.answers.length - 1)
      return this.answers[index] as Effect.Effect<Tokens, AuthError<'ServerUnavailable'>>
    })

  private readonly store = <A>(what: string, act: () => A) =>
    Effect.suspend(() => {
      this.log.push(what)
      return Effect.andThen(this.storing, Effect.sync(act))
    })

  readonly layer = Layer.mergeAll(
    Layer.succeed(TokenEndpoint, {
      exchange: ({ code }) => this.next<AuthError<'ExchangeRefused'>>(`exchange ${code}`),
      refresh: (token) => this.next<AuthError<'RefreshRefused'>>(token),
      revoke: (token) =>
        Effect.suspend(() => {
          this.log.push(`revoke ${token}`)
          return this.revoking
        }),
    }),
    Layer.succeed(AttemptStore, {
      keep: (pending) => this.store('keep', () => void this.attempts.set(pending.state, pending)),
      find: (state) =>
        Effect.as(
          this.store('find', () => {}),
          undefined,
        ).pipe(Effect.map(() => this.attempts.get(state))),
      drop: (pending) => this.store('drop', () => void this.attempts.delete(pending.state)),
    }),
    Layer.succeed(SessionStore, {
      load: this.store('load', () => this.kept),
      save: (live) => this.store(`save ${live.tokens.refreshToken}`, () => void (this.kept = live)),
      clear: (reason) => this.store(`clear ${reason}`, () => void (this.kept = undefined)),
    }),
    Layer.succeed(UserAgent, {
      authorize: (request) =>
        Effect.sync(() => {
          this.log.push('authorize')
          this.authorized.push(request)
        }),
      tellOtherTabs: Effect.sync(() => void this.log.push('tell other tabs')),
    }),
    Randomness.webCrypto,
  )
}
