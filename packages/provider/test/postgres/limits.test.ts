import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgres } from '../../src/postgres/index.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { type Cluster, startPostgres } from '../support/postgres.ts'
import { worldOf } from '../support/world.ts'

describe('limits that many processes share', () => {
  let cluster: Cluster
  let other: Storage
  beforeAll(async () => {
    cluster = await startPostgres()
    other = await postgres({ url: cluster.url }).open()
  })
  afterAll(async () => {
    await other.upkeep.close()
    await cluster.stop()
  })

  it('count what every process answered, and begin anew when the window ends', async () => {
    const world = await worldOf({ storage: postgres({ url: cluster.url }), limits: 'on' })
    const client = await world.register()
    const now = world.clock.now()
    await Promise.all(Array.from({ length: 19 }, () => other.limits?.hit(`token ${client.id}`, 60_000, now)))
    expect((await world.refresh(client, 'x')).status).toBe(400)
    const refused = await world.refresh(client, 'x')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    world.clock.advance(60)
    expect((await world.refresh(client, 'x')).status).toBe(400)
    const guess = () => world.provider.accounts.signIn({ email: 'ada@example.com', password: '', address: '' }, null)
    const guesses = await Promise.all(Array.from({ length: 11 }, guess))
    expect(guesses.filter(({ _tag }) => _tag === 'TooManyAttempts')).toHaveLength(1)
    await world.provider.close()
  })

  it('F3 are looked at before a public app spends anything, and not counted by looking', async () => {
    await other.upkeep.wipe()
    const world = await worldOf({ storage: postgres({ url: cluster.url }), limits: 'on' })
    const client = await world.register({ type: 'public' })
    const now = world.clock.now()
    const { refresh_token } = await world.tokensFor(client, await world.browserOf(world.bob))
    for (let time = 0; time < 19; time++) await other.limits?.hit(`token ${client.id}`, 60_000, now)
    expect((await world.refresh(client, refresh_token)).status).toBe(429)
    expect(await other.limits?.look(`token ${client.id}`, 60_000, now)).toMatchObject({ count: 20 })
    world.clock.advance(60)
    expect(await other.limits?.look(`token ${client.id}`, 60_000, world.clock.now())).toBeNull()
    expect((await world.refresh(client, refresh_token)).status).toBe(200)
    await world.provider.close()
  })

  it('X5 are one count for processes whose clocks differ', async () => {
    await other.upkeep.wipe()
    const counts: number[] = []
    for (const skew of [8_000, -8_000, 0, -8_000, 8_000])
      counts.push((await other.limits?.hit('token x', 60_000, 1_000_000 + skew))?.count ?? 0)
    expect(counts).toEqual([1, 2, 3, 4, 5])
    expect(await other.limits?.hit('token x', 60_000, 1_000_000 - 60_000)).toMatchObject({ count: 1 })
  })

  it('are swept when they are over', async () => {
    await other.upkeep.wipe()
    await other.limits?.hit('token x', 60_000, 0)
    expect(await other.upkeep.sweep(60_000, 10)).toBe(1)
  })
})
