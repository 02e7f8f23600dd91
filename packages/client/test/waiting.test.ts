import * as Effect from 'effect/Effect'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Shared, createShared } from '../src/waiting.ts'

const instead = (first: boolean) => Effect.succeed(first ? 'instead' : 'instead, too')

/** Work that is done when told. */
const held = () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  return { work: Effect.promise(() => promise), finish: resolve }
}

/** A worker forgets a request whose client went away, and its timers with it. */
const begunAndDropped = (shared: Shared<string, never>, name: string) => {
  void Effect.runPromise(shared.join(name, Effect.never, instead))
  vi.clearAllTimers()
}

describe('work that several requests wait for', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is waited for as long as somebody does it', async () => {
    const shared = createShared<string>()
    const { work, finish } = held()
    const waited = Effect.runPromise(shared.join('one', work, instead))
    await vi.advanceTimersByTimeAsync(60_000)
    finish('done')
    expect(await waited).toBe('done')
  })

  it('is waited for no longer when whoever did it has gone, and one of those who wait is the first to know', async () => {
    const shared = createShared<string>()
    begunAndDropped(shared, 'one')
    const waited = [1, 2, 3].map(() => Effect.runPromise(shared.join('one', Effect.never, instead)))
    let settled = false
    void waited[0]?.finally(() => (settled = true))
    await vi.advanceTimersByTimeAsync(2_900)
    expect(settled).toBe(false)
    await vi.advanceTimersByTimeAsync(200)
    expect((await Promise.all(waited)).toSorted()).toEqual(['instead', 'instead, too', 'instead, too'])
  })

  it('is begun anew after it was dropped', async () => {
    const shared = createShared<string>()
    begunAndDropped(shared, 'one')
    const again = (): Effect.Effect<string> => shared.join('one', Effect.succeed('done'), again)
    const waited = Effect.runPromise(again())
    await vi.advanceTimersByTimeAsync(3_100)
    expect(await waited).toBe('done')
  })

  it('is done once for all who ask meanwhile', async () => {
    const shared = createShared<string>()
    const { work, finish } = held()
    let begun = 0
    const counted = Effect.suspend(() => {
      begun++
      return work
    })
    const waited = [1, 2, 3].map(() => Effect.runPromise(shared.join('one', counted, instead)))
    finish('done')
    expect([begun, await Promise.all(waited)]).toEqual([1, ['done', 'done', 'done']])
  })

  it('is not taken for dropped because other work was', async () => {
    const shared = createShared<string>()
    begunAndDropped(shared, 'one')
    const { work, finish } = held()
    const waited = Effect.runPromise(shared.join('two', work, instead))
    await vi.advanceTimersByTimeAsync(5_000)
    finish('done')
    expect(await waited).toBe('done')
  })

  it('leaves no timer behind', async () => {
    const shared = createShared<string>()
    await Effect.runPromise(shared.join('one', Effect.succeed('done'), instead))
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})
