import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../../src/emulator/index.ts'
import { sqlite } from '../../src/sqlite/index.ts'

let emulator: Emulator

beforeAll(async () => {
  emulator = await startEmulator({ storage: sqlite({ memory: true }) })
})
beforeEach(() => emulator.reset())
afterAll(() => emulator.close())

interface Answered {
  readonly status: number
  readonly json: Record<string, unknown>
}

/** As a program would: any header can be set, `Host` too. */
const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(emulator.issuer)
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: {
          host: `localhost:${port}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, json: JSON.parse(text) as Record<string, unknown> }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
  })

const post = (name: string, body: unknown, headers?: Record<string, string>): Promise<Answered> =>
  call('POST', `/__emulator/${name}`, body, headers)

const app = {
  name: 'An app',
  redirectUris: ['http://localhost:3000/oauth/callback'],
  type: 'confidential',
  scopes: ['UserRead'],
  owner: 'ada',
}

describe('the control API over HTTP', () => {
  it('registers an app, whose secret it shows', async () => {
    const { status, json } = await post('apps', app)
    expect(status).toBe(200)
    expect(json).toEqual({ clientId: expect.any(String), clientSecret: expect.stringMatching(/^.{40,}$/) })
    const kept = await emulator.provider.admin.findApp(String(json['clientId']))
    expect(kept).toMatchObject({ name: 'An app', allowedScopes: ['UserRead'], verified: false })
  })

  it('registers a public app with a preset, which has no secret', async () => {
    const { scopes: _, ...rest } = app
    const { json } = await post('apps', { ...rest, type: 'public', preset: 'AI Services', verified: true })
    expect(json).toEqual({ clientId: expect.any(String) })
    const kept = await emulator.provider.admin.findApp(String(json['clientId']))
    expect(kept).toMatchObject({
      type: 'public',
      verified: true,
      allowedScopes: ['UserRead', 'AIServicesRead', 'AIServicesWrite', 'BuzzRead'],
    })
  })

  it('says what is wrong with an app', async () => {
    const { status, json } = await post('apps', { ...app, redirectUris: ['http://example.com/'] })
    expect(status).toBe(400)
    expect(json).toMatchObject({ error: 'invalid', problems: [{ field: 'redirectUris', line: 'http://example.com/' }] })
  })

  it.each([
    ['apps', { ...app, owner: 'nobody' }, 404, 'There is no person named "nobody".'],
    ['apps', { ...app, preset: 'Creator' }, 400, 'Give either scopes or a preset.'],
    ['apps', { ...app, colour: 'red' }, 400, 'There is no field named colour.'],
    ['sessions', { user: 'nobody' }, 404, 'There is no person named "nobody".'],
    ['sessions', {}, 400, 'user must be string.'],
    ['sessions', '{"user"', 400, 'The body is not JSON.'],
    ['clock', { advance: -1 }, 400, 'advance must be at least 0.'],
    ['faults', { at: 'token', kind: '418', times: 1 }, 400, 'kind must be one of'],
    ['nothing', {}, 404, 'There is no "nothing" here'],
    ['constructor', {}, 404, 'There is no "constructor" here'],
  ])('refuses %s %j', async (name, body, status, error) => {
    const answered = await post(name, body)
    expect(answered.status).toBe(status)
    expect(answered.json['error']).toContain(error)
  })

  it('names the method that a route takes', async () => {
    expect(await call('GET', '/__emulator/reset')).toMatchObject({ status: 405, json: { error: 'Use POST.' } })
  })

  it('gives a portal session', async () => {
    const { json } = await post('sessions', { user: 'ada' })
    const session = await emulator.provider.accounts.current(`${json['name']}=${json['value']}`)
    expect(session?.person.username).toBe('ada')
  })

  it.each([
    ['civitai', '/api/auth/oauth/authorize', 'UserRead', '1'],
    ['quaily', '/quaily/oauth/authorize', 'user.public', 'user.public'],
  ] as const)('answers an authorize URL of %s as a person would', async (dialect, path, scope, wire) => {
    const { json: registered } = await post('apps', { ...app, dialect, scopes: [scope] })
    const url = new URL(path, emulator.issuer)
    url.search = String(
      new URLSearchParams({
        response_type: 'code',
        client_id: String(registered['clientId']),
        redirect_uri: app.redirectUris[0] ?? '',
        scope: wire,
        state: 'abc',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      }),
    )
    const { status, json } = await post('authorize', { user: 'ben', url: url.href, approve: true })
    expect(status).toBe(200)
    const { origin, pathname, searchParams } = new URL(String(json['location']))
    expect([origin + pathname, searchParams.get('state')]).toEqual([app.redirectUris[0], 'abc'])
    expect(searchParams.get('code')).toMatch(/.{40,}/)
    const denied = await post('authorize', { user: 'mod', url: url.href, approve: false })
    expect(denied.json['location']).toContain('error=access_denied')
    url.searchParams.set('prompt', 'login consent')
    const afresh = await post('authorize', { user: 'ben', url: url.href, approve: true })
    expect(String(afresh.json['location'])).toContain(`${app.redirectUris[0]}?code=`)
    if (dialect === 'quaily') return
    const legacy = await post('authorize', { user: 'ben', url: `/legacy${path}${url.search}`, approve: true })
    expect(String(legacy.json['location'])).toContain(`${app.redirectUris[0]}?code=`)
  })

  it('U4 answers with a buzz limit, leaves it where none is named, and takes it away for null or an empty list', async () => {
    const { json: registered } = await post('apps', { ...app, scopes: ['AIServicesWrite'] })
    const url = new URL('/api/auth/oauth/authorize', emulator.issuer)
    url.search = String(
      new URLSearchParams({
        response_type: 'code',
        client_id: String(registered['clientId']),
        redirect_uri: app.redirectUris[0] ?? '',
        scope: '32769',
        state: 'abc',
        prompt: 'consent',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      }),
    )
    const ben = await emulator.provider.admin.findPerson('ben')
    const limitAfter = async (answer: object) => {
      expect((await post('authorize', { user: 'ben', url: url.href, approve: true, ...answer })).status).toBe(200)
      const grants = ben ? await emulator.provider.grants.list(ben) : []
      return grants.find(({ clientId }) => clientId === registered['clientId'])?.buzzLimit
    }
    const limit = [{ type: 'absolute', limit: 100 }]
    for (const none of [null, []]) {
      expect(await limitAfter({ buzzLimit: limit })).toEqual(limit)
      expect(await limitAfter({})).toEqual(limit)
      expect(await limitAfter({ buzzLimit: none })).toBeNull()
    }
  })

  it('gives an API key of a person', async () => {
    const { json } = await post('apikeys', { user: 'ben' })
    expect(json).toEqual({ key: expect.stringMatching(/^QK-/) })
    const headers = { authorization: `Bearer ${json['key']}` }
    const me = await fetch(`${emulator.issuer}/quaily/api/users/me`, { headers })
    expect(me.status).toBe(200)
  })

  it('moves the clock forward, and a reset moves it back', async () => {
    const { json } = await post('sessions', { user: 'ada' })
    const cookie = `${json['name']}=${json['value']}`
    await post('clock', { advance: 366 * 86_400 })
    expect(await emulator.provider.accounts.current(cookie)).toBeNull()
    await post('reset', {})
    expect(Math.abs(emulator.clock.now() - Date.now())).toBeLessThan(60_000)
  })

  it('switches the profile, and a reset switches it back', async () => {
    expect(await post('profile', { profile: 'observed' })).toEqual({ status: 200, json: { profile: 'observed' } })
    expect(emulator.provider.profile.current()).toBe('observed')
    const refused = await post('profile', { profile: 'observed,+nonsense' })
    expect(refused.status).toBe(400)
    expect(refused.json['error']).toContain('nonsense')
    await post('reset', {})
    expect(emulator.provider.profile.current()).toBe('documented')
  })

  it('goes back to the sample data, whose credentials stay', async () => {
    const before = emulator.samples()
    const { json: registered } = await post('apps', app)
    const { status, json } = await post('reset', {})
    expect({ status, json }).toEqual({ status: 200, json: before })
    expect(await emulator.provider.admin.findApp(String(registered['clientId']))).toBeNull()
    for (const { clientId } of before.apps) expect(await emulator.provider.admin.findApp(clientId)).not.toBeNull()
    expect(await emulator.provider.admin.findPerson('mod')).toMatchObject({ staff: true })
  })
})

describe('O5 the control API, over HTTP', () => {
  it.each([
    ['a foreign Host', { host: 'evil.example' }, 403],
    ['a foreign Origin', { origin: 'http://localhost:4101' }, 403],
    ['an Origin of null', { origin: 'null' }, 403],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
  ])('refuses %s and changes nothing', async (_, headers, status) => {
    const kept = await emulator.provider.accounts.samples()
    expect((await post('reset', {}, headers)).status).toBe(status)
    expect((await post('clock', { advance: 10 }, headers)).status).toBe(status)
    expect(await emulator.provider.accounts.samples()).toEqual(kept)
    expect(emulator.clock.now() - Date.now()).toBeLessThan(5_000)
  })

  it('H5 says so when it is sent too much', async () => {
    const { status } = await post('sessions', { user: 'x'.repeat(70_000) })
    expect(status).toBe(413)
  })

  it('is nowhere but below its own path', async () => {
    expect(emulator.provider.owns('/__emulator/reset')).toBe(false)
    const { status } = await fetch(`${emulator.issuer}/__emulatorx/reset`, { method: 'POST' })
    expect(status).toBe(404)
  })
})
