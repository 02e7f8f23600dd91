import { describe, expect, it } from '@effect/vitest'
import * as Effect from 'effect/Effect'
import * as Fiber from 'effect/Fiber'
import * as TestClock from 'effect/testing/TestClock'
import { Policy } from '../../src/effect/index.ts'
import { AuthError } from '../../src/errors.ts'
import { answerWithinMs, leaveAloneMs } from '../../src/retry.ts'
import { spying } from './world.ts'

const unavailable = (sent: boolean) => new AuthError('ServerUnavailable', { until: 7, sent })

/** A call that fails so often before it succeeds, and how often it was made. */
const failing = (times: number, error: AuthError<'ServerUnavailable'>) => {
  const calls = { made: 0 }
  const call = Effect.suspend(() => (++calls.made > times ? Effect.succeed('done') : Effect.fail(error)))
  return { calls, call }
}

describe('what may be asked twice', () => {
  it.effect('an exchange never, whatever became of it', () =>
    Effect.gen(function* () {
      for (const sent of [true, false]) {
        const { calls, call } = failing(1, unavailable(sent))
        expect((yield* Effect.flip(Policy.ask('exchange', call)))._tag).toBe('ServerUnavailable')
        expect(calls.made).toBe(1)
      }
    }),
  )

  it.effect.each(['refresh', 'revoke'] as const)('a %s once, at once, if its answer was lost', (what) =>
    Effect.gen(function* () {
      const lost = failing(1, unavailable(true))
      expect(yield* Policy.ask(what, lost.call)).toBe('done')
      expect(lost.calls.made).toBe(2)

      const deaf = failing(9, unavailable(true))
      expect((yield* Effect.flip(Policy.ask(what, deaf.call))).detail).toEqual({ until: 7, sent: true })
      expect(deaf.calls.made).toBe(2)
    }),
  )

  it.effect.each(['refresh', 'revoke'] as const)(
    'a %s never, if the server was busy and says when to come again',
    (what) =>
      Effect.gen(function* () {
        const busy = failing(9, unavailable(false))
        yield* Effect.flip(Policy.ask(what, busy.call))
        expect(busy.calls.made).toBe(1)
      }),
  )

  it.effect('a refresh that was refused never', () =>
    Effect.gen(function* () {
      let made = 0
      const refused = Effect.suspend(() => {
        made++
        return Effect.fail(new AuthError('RefreshRefused', { error: 'invalid_grant' }))
      })
      expect((yield* Effect.flip(Policy.ask('refresh', refused)))._tag).toBe('RefreshRefused')
      expect(made).toBe(1)
    }),
  )
})

describe('a call that is not answered', () => {
  it.effect('was sent, and its server is left alone for five seconds', () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1000)
      const asking = yield* Effect.forkChild(Effect.flip(Policy.ask('exchange', Effect.never)))
      yield* TestClock.adjust(answerWithinMs)
      const failure = yield* Fiber.join(asking)
      expect(failure._tag).toBe('ServerUnavailable')
      expect(failure.detail).toEqual({
        until: 1000 + answerWithinMs + leaveAloneMs,
        sent: true,
      })
      expect([answerWithinMs, Policy.storeWithinMs, leaveAloneMs]).toEqual([10_000, 5000, 5000])
    }),
  )
})

describe('a trace', () => {
  it.effect('T6 shows each call by its name, and no token', () => {
    const names: string[] = []
    const held: string[] = []
    return Effect.gen(function* () {
      yield* Policy.ask('exchange', Effect.succeed('canary'))
      expect(names).toEqual(['oauth.exchange'])
      expect(held.join()).not.toContain('canary')
    }).pipe(Effect.withTracer(spying(names, (text) => held.push(text))))
  })
})
