import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aiServices, type Browser, type Client, issuer, type Tokens, type World, worldOf } from '../support/world.ts'

const path = '/api/auth/oauth/device'
const grant = 'urn:ietf:params:oauth:grant-type:device_code'

interface Started {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri_complete: string
}

describe('signing in on a device without a browser', () => {
  let world: World
  let client: Client
  let browser: Browser
  let started: Started

  beforeEach(async () => {
    world = await worldOf()
    client = await world.register({ type: 'public' })
    browser = await world.browserOf(world.bob)
    started = (await (await world.post(path, { client_id: client.id, scope: aiServices })).json()) as Started
  })
  afterEach(() => world.provider.close())

  const poll = async (at = '/api/auth/oauth/device-token') =>
    world.post(at, { grant_type: grant, device_code: started.device_code, client_id: client.id })
  const open = (userCode: string, cookie = browser.cookie) => world.get(`${path}?user_code=${userCode}`, { cookie })

  it('the device gets two codes and how to use them', () => {
    expect(started).toEqual({
      device_code: expect.stringMatching(/^civitai_code_[\w-]{43}$/),
      user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
      verification_uri: issuer + path,
      verification_uri_complete: `${issuer}${path}?user_code=${started.user_code}`,
      expires_in: 900,
      interval: 5,
    })
  })

  it('waits, and has tokens once the person has agreed on the same consent page as everywhere', async () => {
    expect(await world.outcome(await poll())).toBe('authorization_pending')
    const asked = await open(started.user_code.toLowerCase().replace('-', ' '))
    const request = world.requestIn(asked)
    expect(await world.provider.consent(request, browser.cookie)).toMatchObject({
      view: { app: { name: 'Radio' }, granted: ['UserRead', 'AIServicesRead', 'AIServicesWrite', 'BuzzRead'] },
    })
    const done = await world.answer(browser, request)
    expect(done.status).toBe(200)
    expect(await done.text()).toContain('Your device is signed in')
    world.clock.advance(5)
    const tokens = (await (await poll()).json()) as Tokens
    expect((await world.userinfo(tokens.access_token)).status).toBe(200)
    expect(await world.outcome(await world.refresh(client, tokens.refresh_token))).toBe('ok')
    expect(await world.outcome(await poll())).toBe('invalid_grant')
  })

  it('may ask at the token endpoint too, as the RFC has it', async () => {
    await world.answer(browser, world.requestIn(await open(started.user_code)))
    expect(await world.outcome(await poll('/api/auth/oauth/token'))).toBe('ok')
  })

  it('is told to slow down, that the person said no, and that time is up', async () => {
    await poll()
    expect(await world.outcome(await poll())).toBe('slow_down')
    await world.answer(browser, world.requestIn(await open(started.user_code)), { approved: 'false' })
    expect(await world.outcome(await poll())).toBe('access_denied')
    started = (await (await world.post(path, { client_id: client.id, scope: '1' })).json()) as Started
    world.clock.advance(900)
    expect(await world.outcome(await poll())).toBe('expired_token')
  })

  it('a stranger signs in first; a wrong code says so; another app has no use for the device code', async () => {
    const login = await world.get(`${path}?user_code=${started.user_code}`)
    expect(login.headers.get('location')).toMatch(/^\/login\?returnUrl=/)
    const wrong = await open('AAAA-AAAA')
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toContain('unknown or has run out')
    const other = await world.register({ type: 'public' })
    const fields = { grant_type: grant, device_code: started.device_code, client_id: other.id }
    expect(await world.outcome(await world.post('/api/auth/oauth/device-token', fields))).toBe('invalid_grant')
  })

  it('the device code is no authorization code', async () => {
    await world.answer(browser, world.requestIn(await open(started.user_code)))
    expect(await world.outcome(await world.exchange(client, started.device_code))).toBe('invalid_grant')
  })
})
