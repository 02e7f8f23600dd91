import { describe, expect, it } from 'vitest'
import { addressKey, limiterOf } from '../src/limiter.ts'
import { revokePath, tokenPath, worldOf } from './support/world.ts'

describe('rate limits', () => {
  it('count token requests by app, sign-ins by person, and say when to come back', async () => {
    const world = await worldOf({ limits: 'on' })
    const [client, other] = [await world.register(), await world.register()]
    for (let time = 0; time < 20; time++) expect((await world.refresh(client, 'x')).status).toBe(400)
    const refused = await world.refresh(client, 'x')
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(refused.headers.get('access-control-allow-origin')).toBe('*')
    expect((await world.refresh(other, 'x')).status).toBe(400)
    const [ada, bob] = [await world.browserOf(world.ada), await world.browserOf(world.bob)]
    for (let time = 0; time < 10; time++) expect((await world.authorize(client, bob)).status).toBe(302)
    expect((await world.authorize(client, bob)).status).toBe(429)
    expect((await world.authorize(client, ada)).status).toBe(302)
    world.clock.advance(60)
    expect((await world.authorize(client, bob)).status).toBe(302)
    expect((await world.refresh(client, 'x')).status).toBe(400)
    await world.provider.close()
  })

  it('are readable by a page of another site: it may see how long to wait', async () => {
    const world = await worldOf({ limits: { token: { times: 1, seconds: 60 } } })
    const client = await world.register()
    await world.refresh(client, 'x')
    const refused = await world.refresh(client, 'x')
    expect(refused.headers.get('access-control-expose-headers')).toContain('retry-after')
    await world.provider.close()
  })

  it('H2 keys that a caller makes up push nobody else out, however many and long they are', () => {
    const limiter = limiterOf({ now: () => 0 })
    const rate = { times: 1, seconds: 900 }
    expect(limiter.hit('attempt-account', 'ada@example.com', rate)).toBe(0)
    for (let made = 0; made < 50_001; made++) limiter.hit('token', `made-up-${made}`, rate)
    expect(limiter.hit('attempt-account', 'ada@example.com', rate)).toBe(900)
    const long = 'x'.repeat(60_000)
    expect([limiter.hit('token', long, rate), limiter.hit('token', long, rate)]).toEqual([0, 900])
    expect(limiter.hit('token', `${long}y`, rate)).toBe(0)
  })

  it('H2 another spelling of the path reaches nothing', async () => {
    const world = await worldOf({ limits: 'on' })
    const spellings = [
      `/${tokenPath}`,
      `${tokenPath}/`,
      tokenPath.toUpperCase(),
      '/api/auth/oauth//token',
      '/api/auth/oauth/%74oken',
    ]
    for (const path of spellings) expect((await world.post(path, { grant_type: 'refresh_token' })).status).toBe(404)
    await world.provider.close()
  })

  it('H3 one IPv6 subscriber is one key, in any spelling', () => {
    const same = [
      '2001:db8:1:2::1',
      '2001:db8:1:2:ffff:ffff:ffff:ffff',
      '2001:0DB8:0001:0002:0:0:0:9',
      '2001:db8:1:2::1%eth0',
    ]
    expect(new Set(same.map(addressKey))).toEqual(new Set(['2001:db8:1:2::/64']))
    expect(addressKey('2001:db8:1:3::1')).not.toBe(addressKey('2001:db8:1:2::1'))
    expect(addressKey('::ffff:192.0.2.1')).toBe('192.0.2.1')
    expect(addressKey('::1')).toBe('0:0:0:0::/64')
  })

  it('H3 revoking counts by address', async () => {
    const world = await worldOf({ limits: { revoke: { times: 2, seconds: 60 } } })
    const from = (address: string) =>
      world.provider.fetch(
        new Request(`http://localhost:4100${revokePath}`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: 'token=x',
        }),
        { address },
      )
    for (const address of ['2001:db8::1', '2001:db8::2']) expect((await from(address)).status).toBe(401)
    expect((await from('2001:db8::3')).status).toBe(429)
    expect((await from('2001:db8:0:1::3')).status).toBe(401)
    await world.provider.close()
  })
})
