import { afterEach, describe, expect, it, vi } from 'vitest'
import { outlive } from '../src/outlive.ts'

/** As a worker hands out its builtin modules. */
const onWorkers = (waitUntil: (work: Promise<unknown>) => void) =>
  vi
    .spyOn(process, 'getBuiltinModule')
    .mockImplementation(((id: string) => (id === 'cloudflare:workers' ? { waitUntil } : undefined)) as never)

describe('work that goes on when its request is over', () => {
  afterEach(() => vi.restoreAllMocks())

  it('is told to a worker', async () => {
    const kept: Promise<unknown>[] = []
    onWorkers((work) => kept.push(work))
    outlive(async () => 'done')
    expect(await Promise.all(kept)).toEqual(['done'])
  })

  it('is nothing to tell anywhere else', () => {
    const begin = vi.fn()
    outlive(begin)
    expect(begin).not.toHaveBeenCalled()
  })

  it('is done all the same where it cannot be told', () => {
    onWorkers(() => {
      throw new Error('Outside of a request.')
    })
    expect(() => outlive(async () => undefined)).not.toThrow()
  })
})
