import { StorageUnavailable } from '@civitai-oauth/provider'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Served, serve } from './serve.ts'

let portal: Served
const cookies: Record<string, string> = {}
let clientId = ''

beforeAll(async () => {
  portal = await serve()
  for (const username of ['ada', 'ben', 'mod']) {
    const person = await portal.provider.admin.findPerson(username)
    if (!person) throw new Error(`no ${username}`)
    const { name, value } = await portal.provider.admin.beginSession(person)
    cookies[username] = `${name}=${value}`
    if (username !== 'ada') continue
    const registered = await portal.provider.apps.register(person, {
      name: 'Radio',
      description: '',
      redirectUris: 'https://radio.example.com/oauth/callback',
      scopes: ['UserRead'],
      type: 'confidential',
      dialect: 'civitai',
    })
    if (registered._tag === 'Registered') clientId = registered.app.clientId
  }
})
afterAll(() => portal.close())

const get = (path: string, as?: string) =>
  fetch(portal.origin + path, { redirect: 'manual', headers: as ? { cookie: cookies[as] as string } : {} })

const post = (path: string, fields: Record<string, string>, headers: Record<string, string>) =>
  fetch(portal.origin + path, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      accept: 'text/html',
      'content-type': 'application/x-www-form-urlencoded',
      origin: portal.origin,
      ...headers,
    },
    body: new URLSearchParams(fields).toString(),
  })

/** Every page of the portal, and what each kind of visitor gets. */
const pages = () => [
  { path: '/', anonymous: 200, ben: 200, mod: 200, ada: 200 },
  { path: '/login', anonymous: 200, ben: 200, mod: 200, ada: 200 },
  { path: '/account', anonymous: 303, ben: 200, mod: 200, ada: 200 },
  { path: '/account/apps/new', anonymous: 303, ben: 200, mod: 200, ada: 200 },
  { path: `/account/apps/${clientId}`, anonymous: 303, ben: 404, mod: 404, ada: 200 },
  { path: '/account/keys', anonymous: 303, ben: 200, mod: 200, ada: 200 },
  { path: '/staff', anonymous: 303, ben: 403, ada: 403, mod: 200 },
  { path: `/staff/apps/${clientId}`, anonymous: 303, ben: 403, ada: 403, mod: 200 },
  { path: `/account/apps/${clientId}/verification`, anonymous: 303, ben: 404, mod: 404, ada: 200 },
  { path: `/account/connected/${clientId}/limit`, anonymous: 303, ben: 404, mod: 404, ada: 404 },
  { path: '/account/activity', anonymous: 303, ben: 200, mod: 200, ada: 200 },
  { path: '/account/activity/export', anonymous: 303, ben: 200, mod: 200, ada: 200 },
  { path: `/account/apps/${clientId}/activity`, anonymous: 303, ben: 404, mod: 404, ada: 200 },
  { path: `/account/apps/${clientId}/activity/export`, anonymous: 303, ben: 404, mod: 404, ada: 200 },
  { path: `/account/apps/${clientId}/edit`, anonymous: 303, ben: 404, mod: 404, ada: 200 },
  { path: `/account/apps/${clientId}/secret`, anonymous: 303, ben: 404, mod: 404, ada: 200 },
  { path: `/account/apps/${clientId}/delete`, anonymous: 303, ben: 404, mod: 404, ada: 200 },
  { path: `/account/connected/${clientId}`, anonymous: 303, ben: 404, mod: 404, ada: 404 },
  { path: '/oauth/consent?request=unknown', anonymous: 200, ben: 200, mod: 200, ada: 200 },
  { path: '/nowhere', anonymous: 404, ben: 404, mod: 404, ada: 404 },
]

describe('a form that is none', () => {
  it.each([
    ['multipart/form-data; boundary=x', 'no part of it'],
    ['multipart/form-data', 'x'],
  ])('H4 of type %s is answered with 400, on every page that takes one', async (type, body) => {
    for (const path of [
      '/login?/signIn',
      '/login?/signUp',
      '/login?/sample',
      '/account/keys?/create',
      '/account/keys?/delete',
      '/account/apps/new',
      `/account/apps/${clientId}/edit`,
      `/account/apps/${clientId}/delete`,
      `/account/apps/${clientId}/secret?/rotate`,
      `/account/apps/${clientId}/verification`,
      `/account/connected/${clientId}/limit`,
      `/staff/apps/${clientId}`,
    ]) {
      const cookie = cookies[path.startsWith('/staff') ? 'mod' : 'ada'] as string
      const headers = { accept: 'text/html', origin: portal.origin, 'content-type': type, cookie }
      const answer = await fetch(portal.origin + path, { method: 'POST', redirect: 'manual', headers, body })
      expect([path, answer.status]).toEqual([path, 400])
      expect(await answer.text()).toContain('cannot be read')
    }
  })

  it.each(['NaN', '', '1e400', '-1', '99999999999999999999', 'version'])(
    'H4 with %j for a number changes nothing, and asks no database for it',
    async (number) => {
      const cookie = cookies['ada'] as string
      const fields = { name: 'Radio', redirectUris: 'https://radio.example.com/oauth/callback', version: number }
      expect((await post(`/account/apps/${clientId}/edit`, fields, { cookie })).status).toBe(409)
      expect((await post('/account/keys?/delete', { id: number }, { cookie })).status).toBe(303)
    },
  )
})

describe('who may see what', () => {
  it('O1 shows each page to those it is for, staff no more than others, and sends a stranger to sign in first', async () => {
    for (const { path, ...expected } of pages()) {
      for (const [as, status] of Object.entries(expected)) {
        const response = await get(path, as === 'anonymous' ? undefined : as)
        expect(response.status, `${path} as ${as}`).toBe(status)
        if (status === 303)
          expect(response.headers.get('location')).toBe(`/login?returnUrl=${encodeURIComponent(path)}`)
      }
    }
  })

  it('O1 lets nobody delete another person’s app', async () => {
    const response = await post(`/account/apps/${clientId}/delete`, { confirmation: 'Radio' }, { cookie: cookies.ben! })
    expect(response.headers.get('location')).toBe('/account')
    expect(await portal.provider.admin.findApp(clientId)).not.toBeNull()
  })
})

describe('who may do what', () => {
  it('O2 lets nobody but staff verify an app', async () => {
    const decision = { decision: 'verified:on', reason: 'Me!' }
    for (const as of ['ada', 'ben']) {
      const response = await post(`/staff/apps/${clientId}`, decision, { cookie: cookies[as]! })
      expect(response.status, as).toBe(403)
    }
    expect((await portal.provider.admin.findApp(clientId))?.verified).toBe(false)
    await post(`/staff/apps/${clientId}`, decision, { cookie: cookies.mod! })
    expect((await portal.provider.admin.findApp(clientId))?.verified).toBe(true)
  })

  it('U9 of two who press Rotate at once one is shown a secret, and the other that somebody else was first', async () => {
    const before = await portal.provider.admin.findApp(clientId)
    const fields = { currentWas: String(before?.currentSecret?.createdAt), nextWas: '' }
    const press = () => post(`/account/apps/${clientId}/secret?/rotate`, fields, { cookie: cookies.ada! })
    const both = await Promise.all([press(), press()])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
    for (const response of both) {
      const page = await response.text()
      expect(page.includes('Copy it now'), String(response.status)).toBe(response.status === 200)
      expect(page.includes('Somebody else just rotated'), String(response.status)).toBe(response.status === 409)
    }
    expect((await press()).status).toBe(409)
  })

  it('O2 pages through what staff find, so that no app is hidden behind many of the same name', async () => {
    const ada = await portal.provider.admin.findPerson('ada')
    if (!ada) throw new Error('no ada')
    const draft = { description: '', redirectUris: 'https://radio.example.com/cb', scopes: ['UserRead'] } as const
    for (let made = 0; made < 51; made++)
      await portal.provider.apps.register(ada, { ...draft, name: `Crowd ${made}`, type: 'public', dialect: 'civitai' })
    const first = await (await get('/staff?q=crowd', 'mod')).text()
    expect([first.includes('Crowd 50'), first.includes('Crowd 0<')]).toEqual([true, false])
    const [, next] = /href="(\/staff\?q=crowd&amp;after=[^"#]*)#find"/.exec(first) ?? []
    const second = await (await get(next?.replaceAll('&amp;', '&') ?? '', 'mod')).text()
    expect([second.includes('Crowd 50'), second.includes('Crowd 0<')]).toEqual([false, true])
    expect(second).toContain('First page')
    expect(second).not.toContain('Next page')
  })

  it('O2 pages through those who wait for staff, the longest first', async () => {
    const ada = await portal.provider.admin.findPerson('ada')
    if (!ada) throw new Error('no ada')
    const draft = { description: '', redirectUris: 'https://radio.example.com/cb', scopes: ['UserRead'] } as const
    for (let made = 0; made < 51; made++) {
      const wish = { ...draft, name: `Patient ${made}.`, type: 'public', dialect: 'civitai' } as const
      const registered = await portal.provider.apps.register(ada, wish)
      if (registered._tag !== 'Registered') throw new Error('not registered')
      await portal.provider.apps.askForVerification(ada, registered.app.clientId, { note: '', links: [] })
    }
    const shown = (page: string): readonly string[] => page.match(/Patient \d+\./g) ?? []
    const first = await (await get('/staff', 'mod')).text()
    const [, next] = /href="(\/staff\?waitingAfter=[^"#]*)#queue"/.exec(first) ?? []
    const second = await (await get(next?.replaceAll('&amp;', '&') ?? '', 'mod')).text()
    expect(new Set([...shown(first), ...shown(second)]).size).toBe(51)
    expect(shown(first).some((name) => shown(second).includes(name))).toBe(false)
    expect(second).toContain('First page')
    expect(second).not.toContain('Next page')
    const afterAll = await (await get('/staff?waitingAfter=999999999999999.z', 'mod')).text()
    expect(afterAll).toContain('Nobody waits after those.')
  })

  it('O1 lets nobody change, rotate, verify or limit what is another’s', async () => {
    const before = await portal.provider.admin.findApp(clientId)
    const own = `/account/apps/${clientId}`
    const attempts: [path: string, fields: Record<string, string>][] = [
      [`${own}/edit`, { name: 'Mine', redirectUris: 'https://evil.example/', version: String(before?.version) }],
      [`${own}/secret?/prepare`, { currentWas: String(before?.currentSecret?.createdAt), nextWas: '' }],
      [`${own}/secret?/rotate`, { currentWas: String(before?.currentSecret?.createdAt), nextWas: '' }],
      [`${own}/verification`, { note: 'Mine', links: '' }],
      [`/account/connected/${clientId}/limit`, { buzz_limit: '[]' }],
    ]
    for (const [path, fields] of attempts) {
      expect((await post(path, fields, { cookie: cookies.ben! })).status, `${path} as ben`).toBe(404)
      expect([303, 401], `${path} as nobody`).toContain((await post(path, fields, {})).status)
    }
    expect(await portal.provider.admin.findApp(clientId)).toEqual(before)
  })
})

describe('what every answer carries', () => {
  it('U2 refuses frames, keeps nothing, and tells no other site where the person was', async () => {
    for (const { path } of pages()) {
      const { headers } = await get(path, 'ada')
      expect(headers.get('cache-control'), path).toBe('no-store')
      expect(headers.get('referrer-policy'), path).toBe('same-origin')
      expect(headers.get('x-frame-options'), path).toBe('DENY')
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      if (path.endsWith('/export')) continue
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy, path).toContain("default-src 'none'")
      expect(policy, path).toContain("frame-ancestors 'none'")
      expect(policy, path).toContain("base-uri 'none'")
      expect(policy, path).not.toContain("'unsafe-inline'")
    }
  })

  it('lets a form lead to an app only from the pages that end at one', async () => {
    for (const { path } of pages()) {
      const policy = (await get(path, 'ada')).headers.get('content-security-policy') ?? ''
      if (path.endsWith('/export')) continue
      const leadsToApps = path.startsWith('/login') || path.startsWith('/oauth/consent')
      expect(policy.includes("form-action 'self'"), path).toBe(!leadsToApps)
    }
  })

  it('H1 builds no address from Host or forwarding headers', async () => {
    const response = await fetch(`${portal.origin}/`, {
      headers: { 'x-forwarded-host': 'evil.example', 'x-portal-host': 'evil.example' },
    })
    expect(await response.text()).not.toContain('evil.example')
  })
})

describe('when the storage does not answer', () => {
  it('X3 says to try again, and writes down what failed but not what it carried', async () => {
    const { apps } = portal.provider
    const list = apps.list.bind(apps)
    const written = vi.spyOn(console, 'error').mockImplementation(() => {})
    Object.assign(apps, { list: () => Promise.reject(new StorageUnavailable('disk of ada full')) })
    const response = await get('/account', 'ada')
    Object.assign(apps, { list })
    const lines = written.mock.calls.flat().join('\n')
    written.mockRestore()
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await response.text()).toContain('Try again in a moment.')
    expect(lines).toContain('StorageUnavailable')
    expect(lines).not.toContain('disk of ada')
    expect((await get('/account', 'ada')).status).toBe(200)
  })

  it.each(['/', '/account', '/nowhere'])(
    'X3 says so on %s too where not even the session can be read',
    async (path) => {
      const { accounts } = portal.provider
      const current = accounts.current.bind(accounts)
      const written = vi.spyOn(console, 'error').mockImplementation(() => {})
      Object.assign(accounts, { current: () => Promise.reject(new StorageUnavailable('disk of ada full')) })
      const response = await get(path, 'ada')
      Object.assign(accounts, { current })
      const lines = written.mock.calls.flat().join('\n')
      written.mockRestore()
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).toBe('5')
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await response.text()).toContain('Try again shortly')
      expect(lines).toContain('StorageUnavailable')
      expect(lines).not.toContain('disk of ada')
    },
  )
})

describe('forms from elsewhere', () => {
  const register = { name: 'Forged', redirectUris: 'https://evil.example/', type: 'public' }

  it.each([
    ['no origin', { origin: '' }],
    ['the origin "null"', { origin: 'null' }],
    ['another site', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://localhost:1' }],
    ['the loopback address instead of the name', { origin: 'http://127.0.0.1' }],
    ['text/plain from another site', { origin: 'https://evil.example', 'content-type': 'text/plain' }],
  ])('U1 refuses one with %s, cookie and all', async (_, headers) => {
    const response = await post('/account/apps/new', register, { cookie: cookies.ben!, ...headers })
    expect(response.status).toBe(403)
    const ben = await portal.provider.admin.findPerson('ben')
    expect((await portal.provider.apps.list(ben!)).total).toBe(0)
  })

  it('U1 refuses JSON where a form is expected', async () => {
    const headers = { cookie: cookies.ben!, 'content-type': 'application/json' }
    expect((await post('/account/apps/new', register, headers)).status).toBe(415)
  })
})

describe('a session', () => {
  it('U7 gets a new id at sign-in, and the one the browser had before is ended', async () => {
    const first = await post('/login?/sample', { username: 'ben' }, {})
    const before = first.headers.get('set-cookie')?.split(';')[0] ?? ''
    const second = await post('/login?/sample', { username: 'ben' }, { cookie: before })
    const after = second.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect(after).not.toBe(before)
    const status = async (cookie: string) =>
      (await fetch(`${portal.origin}/account`, { redirect: 'manual', headers: { cookie } })).status
    expect(await status(before)).toBe(303)
    expect(await status(after)).toBe(200)
  })

  it('is not begun by guessing without end: the page says how long to wait, and keeps the address', async () => {
    const { accounts } = portal.provider
    const signIn = accounts.signIn.bind(accounts)
    Object.assign(accounts, { signIn: async () => ({ _tag: 'TooManyAttempts', retryAfterSeconds: 300 }) })
    const response = await post('/login?/signIn&with=email', { email: 'ada@example.com', password: 'guess' }, {})
    Object.assign(accounts, { signIn })
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('300')
    const page = await response.text()
    expect(page).toContain('Wait 5 minutes')
    expect(page).toContain('value="ada@example.com"')
    expect(page).not.toContain('guess')
  })

  it('goes only where our own pages are after signing in', async () => {
    const to = async (returnUrl: string) =>
      (await post(`/login?/sample&returnUrl=${encodeURIComponent(returnUrl)}`, { username: 'ben' }, {})).headers.get(
        'location',
      )
    expect(await to('/account/apps/new')).toBe('/account/apps/new')
    expect(await to('https://evil.example/')).toBe('/account')
    expect(await to('//evil.example')).toBe('/account')
  })

  it('shows a form that came too late again, with what was typed', async () => {
    const response = await post('/account/apps/new', { name: 'Typed & kept', redirectUris: 'https://a.example/' }, {})
    expect(response.status).toBe(401)
    expect(await response.text()).toContain('value="Typed &amp; kept"')
  })
})
