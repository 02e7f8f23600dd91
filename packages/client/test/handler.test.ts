import { describe, expect, it, vi } from 'vitest'
import { App } from './app.ts'
import { Browser } from './browser.ts'

describe('the handler', () => {
  it('leaves every other request to the app', async () => {
    const app = new App()
    app.page = () => new Response('the app', { headers: { 'x-app': '1' } })
    for (const path of ['/', '/oauth', '/oauth/', '/oauth/other', '/oauth/sign-in/', '/OAUTH/sign-in']) {
      const answer = await app.browser.visit(path)
      expect([await answer.text(), answer.headers.get('x-app')]).toEqual(['the app', '1'])
    }
  })

  it('passes on what an app throws', async () => {
    const app = new App()
    app.page = () => {
      throw new Error('of the app')
    }
    await expect(app.browser.visit('/')).rejects.toThrow('of the app')
  })

  it('adds to an answer whose headers cannot be changed', async () => {
    const app = new App()
    await app.signIn()
    app.later(3_600_000)
    app.page = () => Response.redirect('https://app.test/elsewhere', 307)
    const answer = await app.browser.visit('/')
    expect([answer.status, answer.headers.get('location')]).toEqual([307, 'https://app.test/elsewhere'])
    expect(answer.headers.getSetCookie()).toHaveLength(1)
  })

  it('H1 believes the Host header on this machine only', async () => {
    const app = new App({ origin: undefined as never })
    const local = new Browser('http://localhost:5173', app.handle)
    const leaving = await local.visit('/oauth/sign-in')
    expect(new URL(leaving.headers.get('location') as string).searchParams.get('redirect_uri')).toBe(
      'http://localhost:5173/oauth/callback',
    )
    const foreign = new Browser('https://evil.test', app.handle)
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const answer = await foreign.ask('/oauth/sign-in')
    expect(log).toHaveBeenCalledWith(expect.stringContaining('Set CIVITAI_ORIGIN'))
    expect([answer.status, await answer.json()]).toEqual([500, expect.objectContaining({ error: 'options_invalid' })])
  })

  it('prints the address to register, once and at the start, in development only', async () => {
    const log = vi.spyOn(console, 'info').mockReturnValue()
    const quiet = new App()
    await quiet.browser.visit('/')
    expect(log).not.toHaveBeenCalled()
    const app = new App({ env: { NODE_ENV: 'development' } })
    const printed = [['Sign-in: register https://app.test/oauth/callback as a redirect URI of app-1.']]
    expect(log.mock.calls).toEqual(printed)
    await app.browser.visit('/')
    await app.browser.visit('/oauth/sign-in')
    expect(log.mock.calls).toEqual(printed)
  })

  it('prints it with the first request on this machine, where nothing says that this is no development', async () => {
    const log = vi.spyOn(console, 'info').mockReturnValue()
    const given = { origin: undefined as never, env: undefined as never }
    for (const [environment, times] of [
      [undefined, 1],
      ['production', 0],
    ] as const) {
      log.mockClear()
      vi.stubEnv('NODE_ENV', environment)
      const app = new App(given)
      await new Browser('http://localhost:5173', app.handle).visit('/oauth/sign-in')
      expect(log.mock.calls).toHaveLength(times)
    }
    vi.stubEnv('NODE_ENV', undefined)
    const elsewhere = new App({ env: undefined as never })
    await elsewhere.browser.visit('/')
    expect(log).not.toHaveBeenCalled()
    vi.unstubAllEnvs()
  })

  it('knows how the app has to be registered for whoever comes', async () => {
    const app = new App()
    const { redirectUri, clientId, scopes } = await app.auth.registration(new Request('https://app.test/'))
    expect([redirectUri, clientId, scopes]).toEqual([
      'https://app.test/oauth/callback',
      'app-1',
      ['UserRead', 'BuzzRead'],
    ])
    const open = new App({ origin: undefined as never })
    await expect(open.auth.registration(new Request('https://evil.test/'))).rejects.toThrow('Set CIVITAI_ORIGIN')
  })

  it('answers questions about the session without a word a cache may keep', async () => {
    const app = new App()
    const answer = await app.browser.ask('/oauth/session')
    expect([answer.headers.get('cache-control'), await answer.json()]).toEqual(['no-store', { status: 'signed-out' }])
  })
})

describe('where a framework has no `next`', () => {
  const open = (app: App, path: string) =>
    app.auth.open(app.browser.request(path, { headers: { accept: 'text/html' } }))

  it('opens a visit, and commits what the page changed', async () => {
    const app = new App()
    await app.signIn()
    app.later(3_600_000)
    const visit = await open(app, '/')
    expect([visit.response, visit.session.status]).toEqual([undefined, 'signed-in'])
    const headers = new Headers()
    await visit.commit(headers)
    expect(headers.getSetCookie()).toHaveLength(1)
  })

  it('rotates nothing any more after that, and uses the token it has', async () => {
    const app = new App()
    await app.signIn()
    const visit = await open(app, '/')
    await visit.commit(new Headers())
    const before = await visit.session.accessToken()
    app.later(3_590_000)
    expect(await visit.session.accessToken()).toBe(before)
    expect(app.server.asked).toHaveLength(1)
  })

  it('answers our own routes', async () => {
    const app = new App()
    const visit = await open(app, '/oauth/sign-in')
    expect(visit.response?.status).toBe(303)
  })

  it('leaves to restore an expired session', async () => {
    const app = new App()
    await app.signIn()
    app.server.end()
    app.later(3_600_000)
    const visit = await open(app, '/gallery')
    expect(visit.response?.headers.get('location')).toContain('prompt=none')
  })

  it('leaves in place of the page when the session ends while it runs', async () => {
    const app = new App()
    await app.signIn()
    const visit = await open(app, '/gallery')
    app.server.end()
    app.later(3_600_000)
    await visit.session.accessToken().catch(() => undefined)
    const instead = await visit.commit(new Headers())
    expect(instead?.headers.get('location')).toContain('prompt=none')
    expect(instead?.headers.getSetCookie().length).toBeGreaterThan(0)
  })
})
