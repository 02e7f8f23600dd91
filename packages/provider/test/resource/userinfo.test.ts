import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Browser, type Client, type World, userinfoPath, worldOf } from '../support/world.ts'

describe('when an app asks who signed in', () => {
  let world: World
  let client: Client
  let browser: Browser

  beforeEach(async () => {
    world = await worldOf()
    client = await world.register()
    browser = await world.browserOf(world.bob)
  })
  afterEach(() => world.provider.close())

  it('userinfo answers the claims as documented, and leaves out what is not there', async () => {
    const { access_token } = await world.tokensFor(client, browser)
    const response = await world.userinfo(access_token)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(await response.json()).toEqual({
      sub: String(world.bob.id),
      id: world.bob.id,
      username: 'bob',
      preferred_username: 'bob',
      name: 'bob',
      email: 'bob@example.com',
      email_verified: true,
    })
  })

  it('/api/v1/me answers the person', async () => {
    const { access_token } = await world.tokensFor(client, browser)
    const response = await world.get('/api/v1/me', { authorization: `Bearer ${access_token}` })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ id: world.bob.id, username: 'bob' })
  })

  it.each([{}, { authorization: 'Bearer' }, { authorization: 'Bearer nonsense' }, { authorization: 'Basic eDp5' }])(
    '%j is 401 invalid_token',
    async (headers) => {
      for (const path of [userinfoPath, '/api/v1/me']) {
        const response = await world.get(path, headers)
        expect(response.status).toBe(401)
        expect(response.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/)
        expect(await world.outcome(response)).toBe('invalid_token')
      }
    },
  )

  it('a token in the address is not looked at', async () => {
    const { access_token } = await world.tokensFor(client, browser)
    expect((await world.get(`${userinfoPath}?access_token=${access_token}`)).status).toBe(401)
  })

  it('an access token lives an hour and not a moment longer', async () => {
    const { access_token } = await world.tokensFor(client, browser)
    world.clock.advance(3599)
    expect((await world.userinfo(access_token)).status).toBe(200)
    world.clock.advance(1)
    expect((await world.userinfo(access_token)).status).toBe(401)
  })

  it('T4 a grant that is taken back ends every token of it at once', async () => {
    const [one, two] = [await world.tokensFor(client, browser), await world.tokensFor(client, browser)]
    await world.provider.grants.revoke(world.bob, client.id)
    for (const { access_token } of [one, two]) expect((await world.userinfo(access_token)).status).toBe(401)
  })

  it('any site may ask, with a bearer and without cookies', async () => {
    const preflight = await world.provider.fetch(
      new Request(`http://localhost:4100${userinfoPath}`, {
        method: 'OPTIONS',
        headers: { origin: 'https://app.example.com', 'access-control-request-headers': 'authorization' },
      }),
    )
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull()
  })
})
