import { describe, expect, it } from '@effect/vitest'
import * as Effect from 'effect/Effect'
import * as Fiber from 'effect/Fiber'
import * as TestClock from 'effect/testing/TestClock'
import { AttemptStore, begin, comeBack, signIn } from '../../src/effect/index.ts'
import { AuthError } from '../../src/errors.ts'
import { proves, verifierOf } from '../../src/pkce.ts'
import * as SignIn from '../../src/sign-in.ts'
import { World, pair, spying } from './world.ts'

const wish = { scopes: ['UserRead'], redirectUri: 'https://app.example/oauth/callback', returnTo: '/gallery' }
const expected = { issuer: 'https://auth.example', issuerRequired: false }

const started = Effect.fnUntraced(function* (world: World, silent = false) {
  yield* begin({ ...wish, silent })
  world.log.length = 0
  return world.authorized.at(-1)?.pending.state ?? ''
})

describe('beginning', () => {
  it.effect('keeps a fresh attempt, then takes the person to the server', () => {
    const world = new World()
    return Effect.gen(function* () {
      yield* TestClock.setTime(5000)
      const state = yield* begin(wish)
      expect(world.log).toEqual(['keep', 'authorize'])
      const [request] = world.authorized
      expect(request).toMatchObject({
        scopes: ['UserRead'],
        pending: { returnTo: '/gallery', startedAt: 5000, silent: false },
      })
      expect(state).toEqual({ _tag: 'AwaitingCallback', pending: request?.pending })
      const { verifier = '', state: id = '' } = request?.pending ?? {}
      expect(yield* Effect.promise(() => proves(verifier, request?.challenge ?? '', 'S256'))).toBe(true)
      expect(id).toHaveLength(43)
      yield* begin({ ...wish, silent: true })
      expect(world.authorized[1]?.pending).toMatchObject({ silent: true })
      expect(world.authorized[1]?.pending.state).not.toBe(id)
      expect(world.authorized[1]?.pending.verifier).not.toBe(verifier)
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('K9 keeps two attempts apart: two tabs sign in at once', () => {
    const world = new World()
    const tokens: string[] = []
    const save = (pair: SignIn.Tokens) => Effect.sync(() => void tokens.push(pair.accessToken))
    return Effect.gen(function* () {
      const first = yield* started(world)
      const second = yield* started(world)
      yield* comeBack({ code: 'two', state: second }, expected, save)
      yield* comeBack({ code: 'one', state: first }, expected, save)
      expect(tokens).toHaveLength(2)
      expect(world.attempts.size).toBe(0)
    }).pipe(Effect.provide(world.layer))
  })
})

describe('coming back', () => {
  it.effect('exchanges the code, hands the tokens over, and only then forgets the attempt', () => {
    const world = new World()
    return Effect.gen(function* () {
      const state = yield* started(world)
      const last = yield* comeBack({ code: 'c', state }, expected, (tokens) =>
        Effect.sync(() => void world.log.push(`tokens ${tokens.accessToken}`)),
      )
      expect(last).toMatchObject({ _tag: 'SignedIn', tokens: pair(2) })
      expect(world.log).toEqual(['find', 'exchange c', 'tokens access 2', 'drop'])
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('K1 without an attempt of this browser does nothing at all', () => {
    const world = new World()
    return Effect.gen(function* () {
      yield* started(world)
      const never = () => Effect.die('nobody asked for tokens')
      expect(yield* comeBack({ code: 'c', state: 'another' }, expected, never)).toBeUndefined()
      expect(yield* comeBack({ code: 'c' }, expected, never)).toBeUndefined()
      expect(world.log).toEqual(['find'])
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('twice asks for tokens once', () => {
    const world = new World()
    return Effect.gen(function* () {
      const state = yield* started(world)
      yield* comeBack({ code: 'c', state }, expected, () => Effect.void)
      expect(yield* comeBack({ code: 'c', state }, expected, () => Effect.void)).toBeUndefined()
      expect(world.log.filter((line) => line.startsWith('exchange'))).toHaveLength(1)
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('T6 is a span by its name', () => {
    const world = new World()
    const names: string[] = []
    return Effect.gen(function* () {
      const state = yield* started(world)
      yield* comeBack({ code: 'c', state }, expected, () => Effect.void)
      expect(names).toEqual(['oauth.exchange'])
    }).pipe(Effect.provide(world.layer), Effect.withTracer(spying(names)))
  })

  it.effect('denied forgets the attempt', () => {
    const world = new World()
    return Effect.gen(function* () {
      const state = yield* started(world)
      const last = yield* comeBack({ error: 'access_denied', state }, expected, () => Effect.void)
      expect(last).toMatchObject({ _tag: 'Rejected', rejection: 'Denied' })
      expect(world.log).toEqual(['find', 'drop'])
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('refused says with which code, and is not tried again', () => {
    const world = new World()
    world.refusal = new AuthError('ExchangeRefused', { error: 'invalid_grant' })
    return Effect.gen(function* () {
      const state = yield* started(world)
      const last = yield* comeBack({ code: 'c', state }, expected, () => Effect.void)
      expect(last).toMatchObject({ _tag: 'ExchangeFailed', failure: { kind: 'refused', error: 'invalid_grant' } })
      expect(world.log).toEqual(['find', 'exchange c', 'drop'])
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('unavailable is not tried again either, sent or not', () => {
    const world = new World()
    world.answers = [Effect.fail(new AuthError('ServerUnavailable', { until: 0, sent: false }))]
    return Effect.gen(function* () {
      const state = yield* started(world)
      const last = yield* comeBack({ code: 'c', state }, expected, () => Effect.void)
      expect(last).toMatchObject({
        _tag: 'ExchangeFailed',
        failure: { kind: 'unavailable', error: 'temporarily_unavailable' },
      })
      expect(world.log).toEqual(['find', 'exchange c', 'drop'])
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('is given up after ten seconds without an answer, and the code is not sent again', () => {
    const world = new World()
    world.answers = [Effect.never]
    return Effect.gen(function* () {
      const state = yield* started(world)
      const coming = yield* Effect.forkChild(comeBack({ code: 'c', state }, expected, () => Effect.void))
      yield* TestClock.adjust(9_999)
      expect(world.log).toEqual(['find', 'exchange c'])
      yield* TestClock.adjust(1)
      expect(yield* Fiber.join(coming)).toMatchObject({ _tag: 'ExchangeFailed', failure: { kind: 'unavailable' } })
      expect(world.log).toEqual(['find', 'exchange c', 'drop'])
    }).pipe(Effect.provide(world.layer))
  })

  it.effect('fails with what handing the tokens over failed with', () => {
    const world = new World()
    return Effect.gen(function* () {
      const state = yield* started(world)
      const failure = yield* Effect.flip(
        comeBack({ code: 'c', state }, expected, () => Effect.fail('no userinfo' as const)),
      )
      expect(failure).toBe('no userinfo')
    }).pipe(Effect.provide(world.layer))
  })
})

describe('a store that does not answer', () => {
  it.effect('is asked four times, and then is the failure', () => {
    const world = new World()
    world.storing = Effect.fail(new AuthError('StoreUnavailable'))
    const pending = { ...wish, state: 's', verifier: verifierOf(new Uint8Array(32)), startedAt: 0, silent: false }
    return Effect.gen(function* () {
      const machine = yield* signIn(SignIn.idle, () => Effect.void)
      const start: SignIn.Event = { _tag: 'Start', pending, challenge: 'c', scopes: wish.scopes }
      const starting = yield* Effect.forkChild(Effect.flip(machine.dispatch(start)))
      yield* TestClock.adjust(100 + 200 + 400)
      expect((yield* Fiber.join(starting))._tag).toBe('StoreUnavailable')
      expect(world.log).toEqual(['keep', 'keep', 'keep', 'keep'])
      expect(world.authorized).toEqual([])
    }).pipe(Effect.provide(world.layer))
  })
})

describe('attempts in memory', () => {
  it.effect('are found by their state until they are dropped', () =>
    Effect.gen(function* () {
      const world = new World()
      const attempts = yield* AttemptStore
      yield* Effect.provide(begin(wish), world.layer)
      const pending = world.authorized[0]?.pending as SignIn.Pending
      expect(yield* attempts.find(pending.state)).toBeUndefined()
      yield* attempts.keep(pending)
      expect(yield* attempts.find(pending.state)).toBe(pending)
      yield* attempts.drop(pending)
      expect(yield* attempts.find(pending.state)).toBeUndefined()
    }).pipe(Effect.provide(AttemptStore.memory)),
  )
})

describe('an attempt by hand', () => {
  it.effect('is the machine and nothing more', () => {
    const world = new World()
    return Effect.gen(function* () {
      const machine = yield* signIn(SignIn.idle, () => Effect.void)
      expect(yield* machine.dispatch({ _tag: 'Exchanged', tokens: pair(1) })).toBe(SignIn.idle)
      expect(yield* machine.state).toBe(SignIn.idle)
      expect(world.log).toEqual([])
    }).pipe(Effect.provide(world.layer))
  })
})
