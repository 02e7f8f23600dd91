import { describe, expect, it } from '@effect/vitest'
import * as Effect from 'effect/Effect'
import * as Fiber from 'effect/Fiber'
import * as TestClock from 'effect/testing/TestClock'
import { SessionStore, session } from '../../src/effect/index.ts'
import { AuthError } from '../../src/errors.ts'
import type * as Session from '../../src/session.ts'
import { World, hour, live, pair, spying } from './world.ts'

const due = hour - 60_000
const begun = (world: World, kept: Session.Live | undefined = live(1)) => {
  world.kept = kept
  return Effect.map(
    session((scopes, silent) => Effect.sync(() => void world.log.push(`authorize ${scopes.join('+')} ${silent}`))),
    (machine) => {
      world.log.length = 0
      return machine
    },
  )
}
const unavailable = (until: number, sent: boolean) => new AuthError('ServerUnavailable', { until, sent })

describe('a session', () => {
  it.effect('begins with what the store has, or with nobody', () => {
    const world = new World()
    return Effect.gen(function* () {
      expect(yield* (yield* begun(world)).state).toEqual({ _tag: 'SignedIn', live: live(1) })
      world.kept = undefined
      const empty = yield* session(() => Effect.void)
      expect(yield* empty.state).toEqual({ _tag: 'SignedOut' })
      expect((yield* Effect.flip(empty.accessToken))._tag).toBe('NotSignedIn')
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('gives the token in hand while it is good', () => {
    const world = new World()
    return Effect.gen(function* () {
      const machine = yield* begun(world)
      yield* TestClock.setTime(due - 1)
      expect(yield* machine.accessToken).toBe('access 1')
      expect(world.log).toEqual([])
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('refreshes once for thirty callers, and saves before anybody uses it', () => {
    const world = new World()
    return Effect.gen(function* () {
      const machine = yield* begun(world)
      yield* TestClock.setTime(due)
      const all = yield* Effect.all(
        Array.from({ length: 30 }, () => machine.accessToken),
        { concurrency: 'unbounded' },
      )
      expect(new Set(all)).toEqual(new Set(['access 2']))
      expect(world.log).toEqual(['refresh 1', 'save refresh 2'])
      expect(world.kept).toEqual(live(2))
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('lives on while its access token does when the refresh is refused, and nothing is cleared', () => {
    const world = new World()
    world.refusal = new AuthError('RefreshRefused', { error: 'invalid_grant' })
    return Effect.gen(function* () {
      const machine = yield* begun(world)
      yield* TestClock.setTime(due)
      expect(yield* machine.accessToken).toBe('access 1')
      expect((yield* machine.state)._tag).toBe('Ending')
      yield* TestClock.setTime(hour)
      expect((yield* Effect.flip(machine.accessToken))._tag).toBe('NotSignedIn')
      expect((yield* machine.state)._tag).toBe('Expired')
      yield* machine.dispatch({ _tag: 'Navigated', at: hour })
      expect(world.log).toEqual(['refresh 1', 'authorize UserRead true'])
      expect(world.kept).toEqual(live(1))
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('waits as long as a busy server says, and asks nobody meanwhile', () => {
    const world = new World()
    world.answers = [Effect.fail(unavailable(due + 30_000, false)), Effect.succeed(pair(2))]
    return Effect.gen(function* () {
      const machine = yield* begun(world)
      yield* TestClock.setTime(due)
      expect(yield* machine.accessToken).toBe('access 1')
      yield* TestClock.setTime(due + 29_999)
      expect(yield* machine.accessToken).toBe('access 1')
      expect(world.log).toEqual(['refresh 1'])
      yield* TestClock.setTime(due + 30_000)
      expect(yield* machine.accessToken).toBe('access 2')
      expect(world.log).toEqual(['refresh 1', 'refresh 1', 'save refresh 2'])
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('F3 asks again at once if the answer was lost, and once', () => {
    const world = new World()
    world.answers = [Effect.fail(unavailable(0, true)), Effect.succeed(pair(2))]
    return Effect.gen(function* () {
      const machine = yield* begun(world)
      yield* TestClock.setTime(due)
      expect(yield* machine.accessToken).toBe('access 2')
      expect(world.log).toEqual(['refresh 1', 'refresh 1', 'save refresh 2'])

      world.answers = [Effect.fail(unavailable(9 * hour, true))]
      yield* TestClock.setTime(2 * hour)
      expect(yield* machine.accessToken).toBe('access 2')
      expect(world.log.filter((line) => line === 'refresh 2')).toHaveLength(2)
      expect(yield* machine.state).toMatchObject({ _tag: 'TryLater', until: 9 * hour })
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('gives up a refresh after ten seconds, twice, and leaves the server alone for five', () => {
    const world = new World()
    world.answers = [Effect.never]
    return Effect.gen(function* () {
      const machine = yield* begun(world)
      yield* TestClock.setTime(due)
      const asking = yield* Effect.forkChild(machine.accessToken)
      yield* TestClock.adjust(20_000)
      expect(yield* Fiber.join(asking)).toBe('access 1')
      expect(yield* machine.state).toMatchObject({ _tag: 'TryLater', until: due + 25_000 })
      expect(world.log).toEqual(['refresh 1', 'refresh 1'])
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('saves the rotated pair even if whoever asked has gone', () => {
    const world = new World()
    let answer: (tokens: ReturnType<typeof pair>) => void = () => {}
    world.answers = [Effect.promise(() => new Promise((resolve) => (answer = resolve)))]
    return Effect.gen(function* () {
      const machine = yield* begun(world)
      yield* TestClock.setTime(due)
      const asking = yield* Effect.forkChild(machine.accessToken, { startImmediately: true })
      yield* Fiber.interrupt(asking)
      expect(world.log).toEqual(['refresh 1'])
      answer(pair(2))
      expect(yield* machine.accessToken).toBe('access 2')
      expect(world.kept).toEqual(live(2))
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('tries a store again, for what it writes twice is the same', () => {
    const world = new World()
    return Effect.gen(function* () {
      const machine = yield* begun(world)
      let failures = 2
      world.storing = Effect.suspend(() =>
        failures-- > 0 ? Effect.fail(new AuthError('StoreUnavailable')) : Effect.void,
      )
      const saving = yield* Effect.forkChild(machine.dispatch({ _tag: 'SignedIn', live: live(3) }))
      yield* TestClock.adjust(300)
      expect(yield* Fiber.join(saving)).toEqual({ _tag: 'SignedIn', live: live(3) })
      expect(world.log).toEqual(['save refresh 3', 'save refresh 3', 'save refresh 3'])
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('fails with StoreUnavailable when the store stays silent', () => {
    const world = new World()
    return Effect.gen(function* () {
      const machine = yield* begun(world)
      world.storing = Effect.never
      const saving = yield* Effect.forkChild(Effect.flip(machine.dispatch({ _tag: 'SignedIn', live: live(3) })))
      yield* TestClock.adjust(4 * 5000 + 700)
      expect((yield* Fiber.join(saving))._tag).toBe('StoreUnavailable')
      expect(world.log).toHaveLength(4)
    }).pipe(Effect.provide(world.layer))
  })
})

describe('a trace', () => {
  it.effect('T6 names what was asked of the server, and nothing else', () => {
    const world = new World()
    const names: string[] = []
    return Effect.gen(function* () {
      const machine = yield* begun(world)
      yield* TestClock.setTime(due)
      yield* machine.accessToken
      yield* machine.dispatch({ _tag: 'SignOut' })
      expect(names).toEqual(['oauth.refresh', 'oauth.revoke'])
    }).pipe(Effect.provide(world.layer), Effect.withTracer(spying(names)))
  })
})

describe('signing out', () => {
  it.effect('clears first, tells the other tabs, then revokes', () => {
    const world = new World()
    return Effect.gen(function* () {
      const machine = yield* begun(world)
      expect(yield* machine.dispatch({ _tag: 'SignOut' })).toEqual({ _tag: 'SignedOut', reason: 'signed-out' })
      expect(world.log).toEqual(['clear signed-out', 'tell other tabs', 'revoke refresh 1'])
      expect(world.kept).toBeUndefined()
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('is done also if the token cannot be revoked', () => {
    const world = new World()
    world.revoking = Effect.fail(unavailable(0, true))
    return Effect.gen(function* () {
      const machine = yield* begun(world)
      const leaving = yield* Effect.forkChild(machine.dispatch({ _tag: 'SignOut' }))
      yield* TestClock.adjust(100)
      expect((yield* Fiber.join(leaving))._tag).toBe('SignedOut')
      expect(world.log.filter((line) => line.startsWith('revoke'))).toHaveLength(2)
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('does not wait for a refresh that is under way, and revokes what that brings', () => {
    const world = new World()
    let answer: (tokens: ReturnType<typeof pair>) => void = () => {}
    world.answers = [Effect.promise(() => new Promise((resolve) => (answer = resolve)))]
    return Effect.gen(function* () {
      const machine = yield* begun(world)
      yield* TestClock.setTime(due)
      const asking = yield* Effect.forkChild(Effect.flip(machine.accessToken), { startImmediately: true })
      yield* machine.dispatch({ _tag: 'SignOut' })
      expect(world.log).toEqual(['refresh 1', 'clear signed-out', 'tell other tabs', 'revoke refresh 1'])
      answer(pair(2))
      expect((yield* Fiber.join(asking))._tag).toBe('NotSignedIn')
      expect(world.log.at(-1)).toBe('revoke refresh 2')
      expect(world.kept).toBeUndefined()
    }).pipe(Effect.provide(world.layer))
  })
})

describe('a session in memory', () => {
  it.effect('is kept until it is cleared', () =>
    Effect.gen(function* () {
      const store = yield* SessionStore
      expect(yield* store.load).toBeUndefined()
      yield* store.save(live(1))
      expect(yield* store.load).toEqual(live(1))
      yield* store.clear('signed-out')
      expect(yield* store.load).toBeUndefined()
    }).pipe(Effect.provide(SessionStore.memory)),
  )
})
