import { expect, it } from '@effect/vitest'
import * as Effect from 'effect/Effect'
import * as Layer from 'effect/Layer'
import * as TestClock from 'effect/testing/TestClock'
import { desktop, tokenOf } from '../../examples/effect.ts'
import { TokenEndpoint, UserAgent } from '../../src/effect/index.ts'
import { hour, pair } from './world.ts'

it.effect('the example of the README signs in and refreshes', () => {
  let state = ''
  const yours = Layer.mergeAll(
    Layer.succeed(UserAgent, {
      authorize: ({ pending }) => Effect.sync(() => void (state = pending.state)),
      tellOtherTabs: Effect.void,
    }),
    Layer.succeed(TokenEndpoint, {
      exchange: () => Effect.succeed(pair(1)),
      refresh: () => Effect.succeed(pair(2)),
      revoke: () => Effect.void,
    }),
  )
  return Effect.gen(function* () {
    const token = yield* tokenOf({
      callback: Effect.sync(() => ({ code: 'c', state })),
      whoIs: () => Effect.succeed({ id: '1', username: 'ada' }),
    })
    expect(yield* token).toBe('access 1')
    yield* TestClock.setTime(hour)
    expect(yield* token).toBe('access 2')
  }).pipe(Effect.provide(Layer.merge(desktop, yours)))
})
