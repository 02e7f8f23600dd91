/** Processes whose clocks disagree, eight seconds to either side, over one storage; and apps whose clock is not ours. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createProvider, type Provider, type StorageSource } from '../src/index.ts'
import { postgres } from '../src/postgres/index.ts'
import { sqlite } from '../src/sqlite/index.ts'
import { startPostgres } from './support/postgres.ts'
import {
  type Browser,
  callback,
  type Client,
  issuer,
  revokePath,
  tokenPath,
  type Tokens,
  userinfoPath,
  verifier,
  type World,
  worldOf,
} from './support/world.ts'

const skews = [-8, 0, 8] as const
type Skew = (typeof skews)[number]
const pairs = skews.flatMap((one) => skews.map((other) => [one, other] as const))

const engines: readonly (readonly [
  name: string,
  place: () => Promise<{ readonly source: StorageSource; readonly remove: () => unknown }>,
])[] = [
  [
    'a SQLite file',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
      const remove = () => rmSync(folder, { recursive: true })
      return { source: sqlite({ file: join(folder, 'data.sqlite') }), remove }
    },
  ],
  [
    'Postgres',
    async () => {
      const cluster = await startPostgres()
      return { source: postgres({ url: cluster.url, connections: 2 }), remove: cluster.stop }
    },
  ],
]

describe.each(engines)('processes whose clocks differ, over %s', (_, place) => {
  let remove: () => unknown
  let world: World
  let others: ReadonlyMap<Skew, Provider>
  let client: Client
  let browser: Browser
  let tokens: Tokens

  beforeAll(async () => {
    const made = await place()
    remove = made.remove
    world = await worldOf({ storage: made.source })
    const { clock } = world
    const at = async (skew: Skew) =>
      [
        skew,
        await createProvider({
          issuer,
          storage: made.source,
          clock: { now: () => clock.now() + skew * 1000 },
          limits: 'off',
        }),
      ] as const
    others = new Map(await Promise.all(skews.map(at)))
  })
  beforeEach(async () => {
    client = await world.register()
    browser = await world.browserOf(world.bob)
    tokens = await world.tokensFor(client, browser)
  })
  afterAll(async () => {
    await Promise.all([...others.values(), world.provider].map((provider) => provider.close()))
    await remove()
  })

  const post = (skew: Skew, path: string, fields: Readonly<Record<string, string>>): Promise<Response> =>
    (others.get(skew) as Provider).fetch(
      new Request(issuer + path, {
        method: 'POST',
        body: new URLSearchParams({ ...world.credentials(client), ...fields }),
      }),
    )
  const refresh = (skew: Skew, { refresh_token }: Tokens) =>
    post(skew, tokenPath, { grant_type: 'refresh_token', refresh_token })
  const exchange = (skew: Skew, code: string) =>
    post(skew, tokenPath, {
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: callback,
    })
  const lives = async (skew: Skew, { access_token }: Tokens) => {
    const headers = { authorization: `Bearer ${access_token}` }
    const response = await (others.get(skew) as Provider).fetch(new Request(issuer + userinfoPath, { headers }))
    return response.status === 200
  }
  const everywhere = (answer: (skew: Skew) => Promise<unknown>) => Promise.all(skews.map(answer))
  const codeFrom = async (skew: Skew): Promise<string> => {
    const query = world.authorizeQuery(client)
    const request = new Request(`${issuer}/api/auth/oauth/authorize?${query}`, { headers: { cookie: browser.cookie } })
    return world.codeIn(await (others.get(skew) as Provider).fetch(request))
  }

  it.each(pairs)('X5 what is begun at %i s goes on at %i s, and lives at once everywhere', async (one, other) => {
    const exchanged = (await (await exchange(other, await codeFrom(one))).json()) as Tokens
    expect(await everywhere((skew) => lives(skew, exchanged))).toEqual([true, true, true])
    const first = await (await refresh(one, exchanged)).text()
    expect(await (await refresh(other, exchanged)).text()).toBe(first)
    const next = JSON.parse(first) as Tokens
    expect((await refresh(other, next)).status).toBe(200)
  })

  it('X5 a code lives ten minutes by the clock of whoever made it, as the clock of whoever redeems it tells', async () => {
    const codes = await Promise.all([1, 2, 3].map(() => codeFrom(0)))
    world.clock.advance(600 - 8)
    expect(await world.outcome(await exchange(8, codes[0] as string))).toBe('invalid_grant')
    world.clock.advance(8 - 0.001)
    expect(await world.outcome(await exchange(0, codes[1] as string))).toBe('ok')
    world.clock.advance(8)
    expect(await world.outcome(await exchange(-8, codes[2] as string))).toBe('ok')
    world.clock.advance(0.001)
    const dead = await codeFrom(0)
    world.clock.advance(608)
    expect(await world.outcome(await exchange(-8, dead))).toBe('invalid_grant')
  })

  it('X5 an access token ends within the skew of its hour, and its refresh token goes on everywhere', async () => {
    world.clock.advance(3600 - 8)
    expect(await everywhere((skew) => lives(skew, tokens))).toEqual([true, true, false])
    world.clock.advance(16)
    expect(await everywhere((skew) => lives(skew, tokens))).toEqual([false, false, false])
    expect((await refresh(-8, tokens)).status).toBe(200)
  })

  it('X5 a lost answer is given again for thirty seconds less the skew at least, and ends the sign-in after it at most', async () => {
    const lost = await (await refresh(-8, tokens)).text()
    world.clock.advance(14)
    for (const skew of skews) expect(await (await refresh(skew, tokens)).text()).toBe(lost)
    const next = JSON.parse(lost) as Tokens
    expect((await refresh(8, next)).status).toBe(200)
    world.clock.advance(46)
    expect(await (await refresh(-8, next)).json()).toHaveProperty('access_token')
    world.clock.advance(0.001)
    expect(await world.outcome(await refresh(-8, next))).toBe('invalid_grant')
    expect(await world.outcome(await refresh(0, next))).toBe('invalid_grant')
  })

  it.each(pairs)('X5 a doubled callback at %i s and %i s ends nothing', async (one, other) => {
    const code = await codeFrom(0)
    const exchanged = (await (await exchange(one, code)).json()) as Tokens
    expect(await world.outcome(await exchange(other, code))).toBe('invalid_grant')
    expect(await everywhere((skew) => lives(skew, exchanged))).toEqual([true, true, true])
  })

  it.each(skews)('X5 T4 what is taken back at %i s is dead at once by every clock', async (skew) => {
    await post(skew, revokePath, { token: tokens.access_token })
    expect(await everywhere((at) => lives(at, tokens))).toEqual([false, false, false])
    const next = (await (await refresh(skew, tokens)).json()) as Tokens
    await post(skew, revokePath, { token: next.refresh_token })
    expect(await everywhere((at) => lives(at, next))).toEqual([false, false, false])
    for (const at of skews) expect(await world.outcome(await refresh(at, next))).toBe('invalid_grant')
  })

  it('X5 a device that keeps its pace is not told to slow down', async () => {
    const started = (await (await post(0, '/api/auth/oauth/device', { scope: '1' })).json()) as {
      readonly device_code: string
    }
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    for (const skew of [8, -8, 8, 0, 8, -8] as const) {
      const polled = await post(skew, '/api/auth/oauth/device-token', { grant_type, device_code: started.device_code })
      expect(await world.outcome(polled)).toBe('authorization_pending')
      world.clock.advance(5)
    }
  })
})

describe('an app whose clock is not the server’s', () => {
  it('X5 is told how long, never until when: its clock cannot be wrong about it', async () => {
    const answers = await Promise.all(
      [-8, 0, 8].map(async (skew) => {
        const world = await worldOf()
        world.clock.advance(skew)
        const client = await world.register()
        const {
          access_token: _,
          refresh_token: __,
          ...rest
        } = await world.tokensFor(client, await world.browserOf(world.bob))
        await world.provider.close()
        return rest
      }),
    )
    const same = { token_type: 'Bearer', expires_in: 3600, scope: '114689' }
    expect(answers).toEqual([same, same, same])
  })

  it.each([-8, 8])('X5 refreshing %i s beside the hour works, however the access token fares', async (late) => {
    const world = await worldOf()
    const client = await world.register()
    const tokens = await world.tokensFor(client, await world.browserOf(world.bob))
    world.clock.advance(tokens.expires_in + late)
    expect((await world.userinfo(tokens.access_token)).status).toBe(late < 0 ? 200 : 401)
    const next = (await (await world.refresh(client, tokens.refresh_token)).json()) as Tokens
    expect((await world.userinfo(next.access_token)).status).toBe(200)
    await world.provider.close()
  })
})
