import { describe, expect, it } from '@effect/vitest'
import * as Effect from 'effect/Effect'
import * as Fiber from 'effect/Fiber'
import * as TestClock from 'effect/testing/TestClock'
import { Policy } from '../../src/effect/index.ts'
import { AuthError } from '../../src/errors.ts'
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
        expect((yield* Effect.flip(Policy.once('x', call)))._tag).toBe('ServerUnavailable')
        expect(calls.made).toBe(1)
      }
    }),
  )

  it.effect('a refresh once, and only if nobody heard it', () =>
    Effect.gen(function* () {
      const heard = failing(1, unavailable(true))
      yield* Effect.flip(Policy.onceHeard('x', heard.call))
      expect(heard.calls.made).toBe(1)

      const unheard = failing(1, unavailable(false))
      const asking = yield* Effect.forkChild(Policy.onceHeard('x', unheard.call))
      yield* TestClock.adjust(100)
      expect(yield* Fiber.join(asking)).toBe('done')

      const deaf = failing(9, unavailable(false))
      const inVain = yield* Effect.forkChild(Effect.flip(Policy.onceHeard('x', deaf.call)))
      yield* TestClock.adjust(10_000)
      expect((yield* Fiber.join(inVain)).detail).toEqual({ until: 7, sent: false })
      expect(deaf.calls.made).toBe(2)
    }),
  )

  it.effect('a refresh that was refused never', () =>
    Effect.gen(function* () {
      let made = 0
      const refused = Effect.suspend(() => {
        made++
        return Effect.fail(new AuthError('RefreshRefused', { error: 'invalid_grant' }))
      })
      expect((yield* Effect.flip(Policy.onceHeard('x', refused)))._tag).toBe('RefreshRefused')
      expect(made).toBe(1)
    }),
  )

  it.effect('a revocation once more, whatever became of it', () =>
    Effect.gen(function* () {
      const { calls, call } = failing(9, unavailable(true))
      const revoking = yield* Effect.forkChild(Effect.flip(Policy.again('x', call)))
      yield* TestClock.adjust(10_000)
      yield* Fiber.join(revoking)
      expect(calls.made).toBe(2)
    }),
  )
})

describe('a call that is not answered', () => {
  it.effect('was sent, and its server is left alone for five seconds', () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1000)
      const asking = yield* Effect.forkChild(Effect.flip(Policy.once('x', Effect.never)))
      yield* TestClock.adjust(Policy.answerWithinMs)
      const failure = yield* Fiber.join(asking)
      expect(failure._tag).toBe('ServerUnavailable')
      expect(failure.detail).toEqual({
        until: 1000 + Policy.answerWithinMs + Policy.leaveAloneMs,
        sent: true,
      })
      expect([Policy.answerWithinMs, Policy.storeWithinMs, Policy.leaveAloneMs]).toEqual([10_000, 5000, 5000])
    }),
  )
})

describe('a trace', () => {
  it.effect('T6 shows each call by its name, and no token', () => {
    const names: string[] = []
    const held: string[] = []
    return Effect.gen(function* () {
      yield* Policy.once('oauth.exchange', Effect.succeed('canary'))
      expect(names).toEqual(['oauth.exchange'])
      expect(held.join()).not.toContain('canary')
    }).pipe(Effect.withTracer(spying(names, (text) => held.push(text))))
  })
})
