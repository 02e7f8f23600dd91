import { describe, expect, it, vi } from 'vitest'
import { App } from './app.ts'
import { Browser } from './browser.ts'
import { FakeServer, issuer } from './fake-server.ts'

const location = (response: Response) => response.headers.get('location') as string
const fail = () => {
  throw new Error('the log is full')
}

describe('when a sign-in comes to nothing after the exchange', () => {
  const comesToNothing = async (app: App) => {
    const answer = await app.signIn()
    expect([answer.status, await app.session()]).toEqual([503, { status: 'signed-out' }])
    expect(await answer.text()).toContain('Try again')
    expect(app.server.revoked).toEqual([expect.stringMatching(/^refresh-/)])
    expect(app.events).toEqual([{ type: 'sign-in-failed', error: 'ServerUnavailable' }])
  }

  it('takes back the tokens that nobody holds, and the person may try again', async () => {
    const app = new App()
    app.server.busy = 503
    await comesToNothing(app)
    app.server.busy = undefined
    expect((await app.signIn()).status).toBe(303)
  })

  it('says the same when the app itself fails, and tells the app what it threw', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const error = new Error('no database')
    await comesToNothing(new App({ onSignIn: () => Promise.reject(error) }))
    expect(log).toHaveBeenCalledWith(error)
  })

  it('takes them back from a server that does not know whose they are', async () => {
    const app = new App()
    app.server.busy = 401
    expect([(await app.signIn()).status, app.server.revoked.length]).toEqual([502, 1])
  })
})

describe('when a person signs in', () => {
  it('sends them to the authorization server with everything the contract asks for', async () => {
    const { browser } = new App()
    const leaving = await browser.visit('/oauth/sign-in?returnTo=/gallery')
    const url = new URL(location(leaving))
    expect(leaving.status).toBe(303)
    expect(url.origin + url.pathname).toBe(`${issuer}/api/auth/oauth/authorize`)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'app-1',
      redirect_uri: 'https://app.test/oauth/callback',
      scope: '65537',
      code_challenge_method: 'S256',
    })
    expect(leaving.headers.get('cache-control')).toBe('no-store')
  })

  it('brings them back to where they wanted to go, signed in', async () => {
    const app = new App()
    const back = await app.signIn('/oauth/sign-in?returnTo=/gallery?page=2')
    expect(back.status).toBe(303)
    expect(location(back)).toBe('/gallery?page=2')
    expect(await app.session()).toEqual({
      status: 'signed-in',
      user: { id: '7', username: 'ada', email: 'ada@example.test', emailVerified: true },
      scopes: ['UserRead', 'BuzzRead'],
      expiresAt: app.clock.now + 3_600_000,
    })
  })

  it('hands the page a session', async () => {
    const app = new App()
    await app.signIn()
    app.page = (session) => Response.json(session.status === 'signed-in' ? session.user.username : null)
    expect(await (await app.browser.visit('/')).json()).toBe('ada')
  })

  it('lets the app upsert its own user before the person goes on', async () => {
    const users: string[] = []
    const app = new App({ onSignIn: (user) => void users.push(user.username) })
    await app.signIn()
    expect(users).toEqual(['ada'])
  })

  it('uses any registered callback path', async () => {
    const app = new App({ callbackPath: '/signin-civitai' })
    const back = await app.signIn()
    expect(location(back)).toBe('/')
  })

  it('asks for more beside what is granted when more is wanted', async () => {
    const app = new App()
    await app.signIn()
    await app.signIn('/oauth/sign-in?scopes=AIServicesWrite')
    expect(await app.session()).toMatchObject({ scopes: ['UserRead', 'AIServicesWrite', 'BuzzRead'] })
  })

  it('stops going round when a permission is asked for that the server does not give', async () => {
    const app = new App()
    await app.signIn()
    app.page = async ({ requireScopes }) => (requireScopes('VaultWrite'), new Response('the vault'))
    const asking = await app.browser.visit('/vault')
    const end = await app.signIn(location(asking), app.browser, { granted: ['UserRead', 'BuzzRead'] })
    expect(end.status).toBe(403)
    expect(await end.text()).toContain('href="/oauth/sign-in?returnTo=%2Fvault&#38;scopes=VaultWrite"')
    expect(await app.session()).toMatchObject({ status: 'signed-in', scopes: ['UserRead', 'BuzzRead'] })
  })

  it('does not fail with the app’s own log', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    for (const onEvent of [() => fail(), async () => fail()]) {
      const app = new App({ onEvent })
      expect((await app.signIn()).status).toBe(303)
    }
    expect(said).toHaveBeenCalledWith(expect.objectContaining({ message: 'the log is full' }))
    said.mockRestore()
  })

  it('never starts on a prefetch, in a frame or from a script', async () => {
    const { browser } = new App()
    for (const headers of [
      { 'sec-purpose': 'prefetch' },
      { 'sec-purpose': 'prefetch;prerender' },
      { purpose: 'prefetch' },
      { 'sec-fetch-dest': 'iframe' },
      { 'sec-fetch-dest': 'empty' },
    ]) {
      const answer = await browser.visit('/oauth/sign-in', headers)
      expect(answer.status).toBe(403)
      expect(answer.headers.getSetCookie()).toEqual([])
    }
  })

  it('answers the wrong method with the right one', async () => {
    const { browser } = new App()
    const answer = await browser.submit('/oauth/sign-in')
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET'])
  })

  it('K9 lets two tabs sign in at once', async () => {
    const { browser, server } = new App()
    const one = await browser.visit('/oauth/sign-in?returnTo=/one')
    const two = await browser.visit('/oauth/sign-in?returnTo=/two')
    expect(location(await browser.visit(server.approve(location(one))))).toBe('/one')
    expect(location(await browser.visit(server.approve(location(two))))).toBe('/two')
  })

  it('keeps at most five attempts, and lets the oldest go', async () => {
    const app = new App()
    const leaving: string[] = []
    for (let tab = 0; tab < 6; tab++) {
      app.later(1000)
      leaving.push(location(await app.browser.visit('/oauth/sign-in')))
    }
    expect([...app.browser.jar.keys()].filter((name) => name.includes('-tx-'))).toHaveLength(5)
    expect((await app.browser.visit(app.server.approve(leaving[0] as string))).status).toBe(400)
    expect((await app.browser.visit(app.server.approve(leaving[1] as string))).status).toBe(303)
  })

  it('H5 keeps no more of long attempts than a server takes, whoever sends the browser to sign in again and again', async () => {
    const app = new App()
    const long = `/oauth/sign-in?returnTo=/${'a'.repeat(1_900)}`
    const leaving: string[] = []
    for (let time = 0; time < 6; time++) {
      app.later(1000)
      leaving.push(location(await app.browser.visit(long)))
    }
    expect(app.browser.cookie().length).toBeLessThan(4_500)
    expect((await app.browser.visit(app.server.approve(leaving.at(-1) as string))).status).toBe(303)
  })

  it('K3 sets __Host- cookies that scripts and other sites cannot use', async () => {
    const app = new App()
    const back = await app.signIn()
    for (const cookie of back.headers.getSetCookie())
      expect(cookie).toMatch(/^__Host-civitai-[0-9a-f]{8}.*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/)
  })

  it('works on plain http on localhost, with cookies a browser accepts there', async () => {
    const app = new App({ origin: 'http://localhost:3000' })
    const back = await app.signIn()
    for (const cookie of back.headers.getSetCookie()) expect(cookie).toMatch(/^civitai-[0-9a-f]{8}.*; SameSite=Lax$/)
    expect(await app.session()).toMatchObject({ status: 'signed-in' })
  })
})

describe('when the browser comes back', () => {
  const start = async (options: ConstructorParameters<typeof App>[0] = {}) => {
    const app = new App(options)
    const leaving = await app.browser.visit('/oauth/sign-in?returnTo=/gallery')
    return { app, callback: new URL(app.server.approve(location(leaving))), leaving: location(leaving) }
  }

  it('K1 refuses a callback that this browser did not start', async () => {
    const { app, callback } = await start()
    const stranger = new Browser('https://app.test', app.handle)
    const answer = await stranger.visit(callback.href)
    expect(answer.status).toBe(400)
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(app.server.asked).toEqual([])
  })

  it('K1 refuses a state that differs, and the right callback still works afterwards', async () => {
    const { app, callback } = await start()
    const wrong = new URL(callback)
    const state = wrong.searchParams.get('state') as string
    wrong.searchParams.set('state', state.slice(0, 8) + state.slice(8).split('').toReversed().join(''))
    expect((await app.browser.visit(wrong.href)).status).toBe(400)
    expect(app.server.asked).toEqual([])
    expect((await app.browser.visit(callback.href)).status).toBe(303)
  })

  it('K2 refuses an answer that names another server', async () => {
    const { app, callback } = await start()
    callback.searchParams.set('iss', 'https://evil.test')
    expect(await (await app.browser.visit(callback.href)).text()).toContain('issuer_mismatch')
    expect(app.server.asked).toEqual([])
  })

  it('K2 refuses an answer without `iss` from a server that sends it', async () => {
    const { app, callback } = await start()
    callback.searchParams.delete('iss')
    expect(await (await app.browser.visit(callback.href)).text()).toContain('issuer_mismatch')
    expect(app.server.asked).toEqual([])
  })

  it('K2 accepts an answer without `iss` from a server whose metadata does not promise it', async () => {
    const { app, callback } = await start()
    app.server.sendsIssuer = false
    callback.searchParams.delete('iss')
    expect((await app.browser.visit(callback.href)).status).toBe(303)
  })

  it.each([
    ['does not answer', () => Promise.reject(new TypeError('offline')), 503, 'server_unavailable'],
    ['is busy', async () => new Response('', { status: 503 }), 503, 'server_unavailable'],
    ['has no metadata', async () => Response.json({}, { status: 404 }), 400, 'issuer_mismatch'],
    ['has metadata that is none', async () => new Response('<html>'), 400, 'issuer_mismatch'],
    [
      'promises it',
      async () => Response.json({ issuer: 'x', authorization_response_iss_parameter_supported: true }),
      400,
      'issuer_mismatch',
    ],
  ])('K2 without `iss`, and a server that %s', async (_, metadata, status, error) => {
    const server = new FakeServer()
    const { fetch } = server
    Object.assign(server, {
      fetch: (input: string, init?: RequestInit) =>
        String(input).includes('/.well-known/') ? metadata() : fetch(input, init),
    })
    const app = new App({}, { server })
    const callback = new URL(server.approve(location(await app.browser.visit('/oauth/sign-in'))))
    callback.searchParams.delete('iss')
    const answer = await app.browser.visit(callback.href)
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(error)])
    expect(server.asked).toEqual([])
  })

  it.each(['code', 'state'])('K7 refuses a callback that lost its %s', async (name) => {
    const { app, callback } = await start()
    callback.searchParams.delete(name)
    expect((await app.browser.visit(callback.href)).status).toBe(400)
    expect(app.server.asked).toEqual([])
  })

  it.each(['code', 'state', 'iss', 'error'])('K7 refuses a callback with two of %s', async (name) => {
    const { app, callback } = await start()
    callback.searchParams.append(name, 'x')
    callback.searchParams.append(name, 'y')
    expect((await app.browser.visit(callback.href)).status).toBe(400)
    expect(app.server.asked).toEqual([])
  })

  it('says that an attempt is too old', async () => {
    const { app, callback } = await start()
    app.later(16 * 60_000)
    expect(await (await app.browser.visit(callback.href)).text()).toContain('attempt_expired')
  })

  it('exchanges a doubled callback once, and both lead to the same place', async () => {
    const { app, callback } = await start()
    const before = new Map(app.browser.jar)
    const again = new Browser('https://app.test', app.handle)
    for (const [name, value] of before) again.jar.set(name, value)
    const answers = await Promise.all([app.browser.visit(callback.href), again.visit(callback.href)])
    expect(answers.map((answer) => location(answer))).toEqual(['/gallery', '/gallery'])
    expect(app.server.asked).toHaveLength(1)
  })

  it('K1 gives nobody the sign-in under way of another, who brings its code with an attempt of their own', async () => {
    const { app, callback } = await start()
    const answered = Promise.withResolvers<void>()
    app.server.faults.push({ kind: 'held', until: answered.promise })
    const theirs = app.browser.visit(callback.href)
    const thief = new Browser('https://app.test', app.handle)
    const own = new URL(app.server.approve(location(await thief.visit('/oauth/sign-in'))))
    own.searchParams.set('code', callback.searchParams.get('code') as string)
    const stolen = thief.visit(own.href)
    answered.resolve()
    expect([(await stolen).status, await app.session(thief)]).toEqual([502, { status: 'signed-out' }])
    expect([location(await theirs), await app.session()]).toEqual([
      '/gallery',
      expect.objectContaining({ status: 'signed-in' }),
    ])
  })

  it('leads on quietly when a finished callback is loaded again', async () => {
    const { app, callback } = await start()
    await app.browser.visit(callback.href)
    expect(location(await app.browser.visit(callback.href))).toBe('/gallery')
    expect(app.server.asked).toHaveLength(1)
  })

  it('shows a page a person understands, with a retry that leads to the same place', async () => {
    const { app, leaving } = await start()
    const answer = await app.browser.visit(app.server.approve(leaving, { error: 'access_denied' }))
    const page = await answer.text()
    expect(answer.status).toBe(403)
    expect(page).toContain('You did not authorize the app')
    expect(page).toContain('href="/oauth/sign-in?returnTo=%2Fgallery"')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('answers a program in JSON', async () => {
    const { app, leaving } = await start()
    const answer = await app.browser.ask(app.server.approve(leaving, { error: 'access_denied' }))
    expect(await answer.json()).toMatchObject({ error: 'consent_denied', signIn: '/oauth/sign-in?returnTo=%2Fgallery' })
  })

  it('never repeats what an attacker put into the error', async () => {
    const { app, leaving } = await start()
    const answer = await app.browser.visit(app.server.approve(leaving, { error: '<script>alert(1)</script>' }))
    expect(await answer.text()).not.toContain('alert(1)')
  })

  it.each([
    ['a refusal', { kind: 'answer', status: 400, body: { error: 'invalid_grant' } }, 502, 'exchange_refused'],
    ['a busy server', { kind: 'status', status: 429 }, 503, 'server_unavailable'],
    ['a broken server', { kind: 'status', status: 500 }, 503, 'server_unavailable'],
    ['a lost answer', { kind: 'lost' }, 503, 'server_unavailable'],
    ['nonsense', { kind: 'malformed' }, 503, 'server_unavailable'],
  ] as const)('never sends a code twice after %s', async (_, fault, status, tag) => {
    const { app, callback } = await start()
    app.server.faults.push(fault)
    const answer = await app.browser.visit(callback.href)
    expect(answer.status).toBe(status)
    expect(await answer.text()).toContain(tag)
    expect(app.server.asked).toHaveLength(1)
    expect(await app.session()).toEqual({ status: 'signed-out' })
  })

  it('tries the other client secret for two people at once', async () => {
    const { app, callback } = await start({ clientSecret: ['secret-2', 'secret-1'] })
    const also = new Browser('https://app.test', app.handle)
    const other = app.server.approve(location(await also.visit('/oauth/sign-in')))
    const answers = await Promise.all([app.browser.visit(callback.href), also.visit(other)])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
  })

  it('tries the other client secret when one was just rotated away', async () => {
    const { app, callback } = await start({ clientSecret: ['secret-2', 'secret-1'] })
    expect((await app.browser.visit(callback.href)).status).toBe(303)
    expect(app.server.asked).toHaveLength(2)
    expect(app.events).toContainEqual({ type: 'client-secret-refused', position: 0 })
  })

  it.each([
    ['its own', `${issuer}/moved`, 303],
    ['production', 'https://auth.civitai.com/moved', 303],
    ['nobody we know', 'https://evil.test/moved', 503],
  ])('follows the legacy host’s 308 to %s, or not at all', async (_, target, status) => {
    const { app, callback } = await start()
    const token = `${issuer}/api/auth/oauth/token`
    app.server.elsewhere.set(token, () => new Response(null, { status: 308, headers: { location: target } }))
    app.server.elsewhere.set(target, (request) => {
      app.server.elsewhere.delete(token)
      return app.server.fetch(new Request(token, request)) as never
    })
    expect((await app.browser.visit(callback.href)).status).toBe(status)
  })

  it.each([
    ['a string', (scope: string) => scope, ['UserRead', 'BuzzRead']],
    ['a number', Number, ['UserRead', 'BuzzRead']],
    ['an array', (scope: string) => [scope], ['UserRead', 'BuzzRead']],
    ['nothing', () => undefined, ['UserRead', 'BuzzRead']],
    ['nonsense', () => ({ read: true }), ['UserRead', 'BuzzRead']],
    ['words', () => 'read write', ['UserRead', 'BuzzRead']],
    ['less than was asked for', () => '1', ['UserRead']],
    ['a bit nobody has named', () => String(1 + 2 ** 28), ['UserRead', 'Bit28']],
  ])('K12 understands a token answer whose scope is %s', async (_, scopeOnWire, scopes) => {
    const { app, callback } = await start()
    app.server.scopeOnWire = scopeOnWire
    await app.browser.visit(callback.href)
    expect(await app.session()).toMatchObject({ status: 'signed-in', scopes })
  })
})
