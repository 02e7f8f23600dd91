import { assert, asyncProperty, constantFrom, oneof, string, tuple, webUrl } from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runs } from '../support/runs.ts'
import { type Browser, type Client, callback, type World, worldOf } from '../support/world.ts'

const nearMisses: readonly string[] = [
  'https://app.example.com/oauth/callback/',
  'https://app.example.com/oauth/Callback',
  'https://APP.example.com/oauth/callback',
  'HTTPS://app.example.com/oauth/callback',
  'https://app.example.com/oauth/callback?',
  'https://app.example.com/oauth/callback?x=1',
  'https://app.example.com/oauth/callback#',
  'https://app.example.com/oauth/callback#f',
  'https://app.example.com.evil.example/oauth/callback',
  'https://evil-app.example.com/oauth/callback',
  'https://evil.example/app.example.com/oauth/callback',
  'https://user@app.example.com/oauth/callback',
  'https://app.example.com@evil.example/oauth/callback',
  'https://app.example.com:443/oauth/callback',
  'https://app.example.com:8443/oauth/callback',
  'http://app.example.com/oauth/callback',
  'https:app.example.com/oauth/callback',
  'https:/app.example.com/oauth/callback',
  '//app.example.com/oauth/callback',
  '/oauth/callback',
  'https://app.example.com//oauth/callback',
  'https://app.example.com/oauth/./callback',
  'https://app.example.com/oauth/../oauth/callback',
  'https://app.example.com/oauth/%2e%2e/oauth/callback',
  'https://app.example.com/oauth/%63allback',
  'https://app.example.com\\oauth\\callback',
  'https://app.example.com/oauth\\callback',
  'https://app.example.com/oauth/callback\t',
  'https://app.example.com/oauth/call\tback',
  'https://app.example.com/oauth/callback\r',
  'https://app.example.com/oauth/callback\n',
  ' https://app.example.com/oauth/callback',
  'https://app.example.com/oauth/callback ',
  'https://äpp.example.com/oauth/callback',
  'https://xn--pp-uia.example.com/oauth/callback',
  'https://app。example.com/oauth/callback',
  'https://app.example.com./oauth/callback',
  'http://127.0.0.1:3000/oauth/callback',
  'http://[::1]:3000/oauth/callback',
  'http://localhost:3001/oauth/callback',
  'http://localhost/oauth/callback',
  'http://localhost.:3000/oauth/callback',
  'javascript:alert(1)',
  'data:text/html,x',
  'com.example.app://oauth/callback',
]

describe('an address that is not registered', () => {
  let world: World
  let client: Client
  let browser: Browser

  beforeEach(async () => {
    world = await worldOf()
    client = await world.register()
    browser = await world.browserOf(world.bob)
  })
  afterEach(() => world.provider.close())

  it.each(nearMisses)('R1 %j answers 400 and leads nowhere', async (redirect_uri) => {
    for (const visitor of [browser, null]) {
      const response = await world.authorize(client, visitor, { redirect_uri })
      expect(response.status).toBe(400)
      expect(response.headers.get('location')).toBeNull()
      expect(await response.json()).toMatchObject({ error: 'invalid_request' })
    }
  })

  it('R1 a doubled redirect_uri answers 400, also when both are right', async () => {
    const query = world.authorizeQuery(client)
    query.append('redirect_uri', callback)
    const response = await world.get(`/api/auth/oauth/authorize?${query}`, { cookie: browser.cookie })
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
  })

  it('R1 redirect_uri[] is not redirect_uri', async () => {
    const query = world.authorizeQuery(client, { redirect_uri: undefined })
    query.append('redirect_uri[]', callback)
    const response = await world.get(`/api/auth/oauth/authorize?${query}`, { cookie: browser.cookie })
    expect(response.status).toBe(400)
  })

  it('R2 lists what is registered to the owner of the app, and to nobody else', async () => {
    const redirect_uri = 'http://app.example.com/oauth/callback'
    const shown = async (visitor: Browser | null, accept: string) =>
      (await world.authorize(client, visitor, { redirect_uri }, { accept })).text()
    for (const accept of ['text/html', 'application/json']) {
      expect(await shown(await world.browserOf(world.ada), accept)).toContain(callback)
      expect(await shown(browser, accept)).not.toContain(callback)
      expect(await shown(null, accept)).not.toContain(callback)
      expect(await shown(null, accept)).toContain('under Account, OAuth Apps')
    }
  })

  it('R2 no other fault of the request leads to it', async () => {
    const faults: readonly Readonly<Record<string, string | undefined>>[] = [
      { scope: 'nonsense' },
      { state: undefined },
      { code_challenge: undefined },
      { code_challenge_method: 'plain' },
      { response_type: 'token' },
      { prompt: 'none' },
      { prompt: 'none consent' },
      { client_id: 'unknown' },
      { approved: 'false' },
    ]
    for (const fault of faults)
      for (const visitor of [browser, null]) {
        const response = await world.authorize(client, visitor, { redirect_uri: 'https://evil.example/', ...fault })
        expect(response.status).toBe(400)
        expect(response.headers.get('location')).toBeNull()
      }
  })

  it('R3 one that was removed while the consent page stood open gets nothing', async () => {
    const request = world.requestIn(await world.authorize(client, browser))
    const { version } = client.app
    const edited = await world.provider.apps.edit(world.ada, client.id, version, {
      name: 'Radio',
      description: '',
      redirectUris: 'https://app.example.com/elsewhere',
      scopes: [],
      type: 'confidential',
      dialect: 'civitai',
    })
    expect(edited._tag).toBe('Edited')
    for (const approved of ['true', 'false']) {
      const response = await world.answer(browser, request, { approved })
      expect(response.status).toBe(400)
      expect(response.headers.get('location')).toBeNull()
    }
  })

  it('R4 a loopback address matches on another port only where the profile says so, and only the port may differ', async () => {
    const of = (redirect_uri: string) => world.authorize(client, browser, { redirect_uri })
    expect((await of('http://localhost:3001/oauth/callback')).status).toBe(400)
    world.provider.profile.set('documented,+loopback-any-port')
    expect((await of('http://localhost:3001/oauth/callback')).status).toBe(302)
    expect((await of('http://localhost:3001/oauth/callback2')).status).toBe(400)
    expect((await of('http://127.0.0.1:3000/oauth/callback')).status).toBe(400)
    expect((await of('https://app.example.com:8443/oauth/callback')).status).toBe(400)
  })

  it('R6 whatever is asked for, it matches if and only if it equals a registered one', async () => {
    const registered = client.app.redirectUris
    await assert(
      asyncProperty(
        oneof(
          constantFrom(...registered),
          webUrl({ withFragments: true, withQueryParameters: true }),
          tuple(constantFrom(...registered), string()).map(([uri, more]) => uri + more),
          string({ minLength: 1 }),
        ),
        async (redirect_uri) => {
          const response = await world.authorize(client, browser, { redirect_uri })
          expect(response.status).toBe(registered.includes(redirect_uri) ? 302 : 400)
        },
      ),
      { numRuns: runs },
    )
  })
})

describe('registering an address', () => {
  it.each([
    'http://app.example.com/cb',
    'https://app.example.com/cb#x',
    'https://*.example.com/cb',
    'https://user:pw@app.example.com/cb',
    'http://127.0.0.1:3000/cb',
    'http://[::1]:3000/cb',
    'javascript:alert(1)',
    'data:text/html,x',
    'com.example.app://cb',
    '/relative',
    '',
  ])('R5 %j is refused, with the reason beside the line', async (redirectUris) => {
    const world = await worldOf()
    const result = await world.provider.apps.register(world.ada, {
      name: 'Radio',
      description: '',
      redirectUris,
      scopes: [],
      type: 'public',
      dialect: 'civitai',
    })
    expect(result).toMatchObject({ _tag: 'Invalid', problems: [{ field: 'redirectUris' }] })
    await world.provider.close()
  })
})
