import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Kind, createFaults } from '../../src/emulator/fault.ts'
import type { Incoming, Outgoing } from '../../src/http/exchange.ts'

const incoming = (target: string): Incoming => ({
  method: 'POST',
  target,
  address: '127.0.0.1',
  header: () => null,
  text: async () => '',
})
const token = incoming('/api/auth/oauth/token')
const good: Outgoing = { status: 200, headers: [], body: '{"ok":true}' }

const broken = (kind: Kind, times = 1) => {
  const faults = createFaults()
  const work = vi.fn(async () => good)
  const drop = vi.fn()
  faults.add({ at: 'token', kind, times, ms: 5_000 })
  return { faults, work, drop, handle: faults.around(work, drop) }
}

describe('a fault', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it.each([
    ['429', 429, 0],
    ['503', 503, 0],
    ['malformed', 200, 1],
    ['drop', 200, 1],
  ] as const)('%s answers %i, and the work is done %i times', async (kind, status, done) => {
    const { handle, work } = broken(kind)
    expect(await handle(token)).toMatchObject({ status })
    expect(work).toHaveBeenCalledTimes(done)
  })

  it.each([
    ['429', '90001'],
    ['503', '-1'],
  ] as const)('%s is also told as Quaily tells it, at its addresses', async (kind, code) => {
    const answer = await broken(kind).handle(incoming('/quaily/api/oauth/token'))
    expect(JSON.parse(answer.body)).toMatchObject({ error: expect.any(String), code, msg: expect.any(String) })
    expect(JSON.parse((await broken(kind).handle(token)).body)).not.toHaveProperty('code')
  })

  it('cuts the connection only after the work is done', async () => {
    const { handle, work, drop } = broken('drop')
    await handle(token)
    expect(drop).toHaveBeenCalledOnce()
    expect(work.mock.invocationCallOrder[0]).toBeLessThan(drop.mock.invocationCallOrder[0] ?? 0)
  })

  it('answers as late as it was told', async () => {
    const { handle, work } = broken('delay')
    const answered = vi.fn()
    const answer = handle(token).then(answered)
    await vi.advanceTimersByTimeAsync(4_999)
    expect(work).toHaveBeenCalledOnce()
    expect(answered).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    await answer
    expect(answered).toHaveBeenCalledWith(good)
  })

  it('strikes as often as it was told, at its own endpoint only', async () => {
    const { handle } = broken('503', 2)
    const statuses = async (...asked: Incoming[]) => {
      const seen: number[] = []
      for (const one of asked) seen.push((await handle(one)).status)
      return seen
    }
    expect(await statuses(incoming('/api/auth/oauth/userinfo'), token, token, token)).toEqual([200, 503, 503, 200])
  })

  it.each([
    ['token', '/legacy/api/auth/oauth/token'],
    ['token', '/quaily/api/oauth/token'],
    ['authorize', '/quaily/oauth/authorize'],
    ['me', '/quaily/api/users/me'],
    ['buzz', '/api/trpc/buzz.getBuzzAccount?input=%7B%7D'],
    ['workflows', '/v2/consumer/workflows?whatif=true'],
    ['workflows', '/v2/consumer/workflows/wf_1'],
  ] as const)('of %s strikes at %s', async (at, target) => {
    const faults = createFaults()
    faults.add({ at, kind: '503', times: 1 })
    const handle = faults.around(async () => good, vi.fn())
    expect((await handle(incoming('/healthz'))).status).toBe(200)
    expect((await handle(incoming(target))).status).toBe(503)
  })

  it('lets a preflight pass, and is readable by a page of another site', async () => {
    const { handle } = broken('429')
    expect(await handle({ ...token, method: 'OPTIONS' })).toBe(good)
    const { status, headers } = await handle(token)
    expect(status).toBe(429)
    expect(headers[headers.indexOf('access-control-allow-origin') + 1]).toBe('*')
  })

  it('is forgotten on a reset', async () => {
    const { faults, handle } = broken('503')
    faults.clear()
    expect(await handle(token)).toBe(good)
  })
})
