import { describe, expect, it } from 'vitest'
import { App } from './app.ts'
import { apiOrigin } from './fake-server.ts'

const evil = 'https://evil.test/'

const signedIn = async (page: App['page']) => {
  const app = new App()
  await app.signIn()
  app.page = page
  return app
}

const redirectTo =
  (location: string, status = 302) =>
  () =>
    new Response(null, { status, headers: { location } })

describe('when the app calls the API for a person', () => {
  it('K8 sends the bearer to no other origin', async () => {
    const app = await signedIn(async (session) =>
      Response.json(await session.fetch(evil).catch((error: unknown) => error)),
    )
    app.server.elsewhere.set(evil, () => new Response())
    expect(await (await app.browser.visit('/')).json()).toMatchObject({ _tag: 'OriginNotAllowed' })
    expect(app.server.calls).toEqual([])
  })

  it.each([
    'https://api.test.evil.test/',
    'https://api.test@evil.test/',
    '//evil.test/',
    'http://api.test/',
    'https://api.test:444/',
    '\\\\evil.test/',
  ])('K8 is not fooled by %s', async (address) => {
    const app = await signedIn(async (session) =>
      Response.json(await session.fetch(address).catch((error: unknown) => error)),
    )
    expect(await (await app.browser.visit('/')).json()).toMatchObject({ _tag: 'OriginNotAllowed' })
  })

  it.each([301, 302, 303, 307, 308])('K8 leaves the bearer behind when a %i leads elsewhere', async (status) => {
    const app = await signedIn((session) => session.fetch('/moved'))
    app.server.elsewhere.set(`${apiOrigin}/moved`, redirectTo(evil, status))
    app.server.elsewhere.set(evil, () => new Response('elsewhere'))
    expect(await (await app.browser.visit('/')).text()).toBe('elsewhere')
    expect(app.server.calls.at(-1)).toEqual({ url: evil, authorization: null })
  })

  it('K8 does not bring the bearer back to whoever sends it there and back', async () => {
    const app = await signedIn((session) => session.fetch('/moved'))
    app.server.elsewhere.set(`${apiOrigin}/moved`, redirectTo(evil))
    app.server.elsewhere.set(evil, redirectTo(`${apiOrigin}/api/v1/me`))
    await app.browser.visit('/')
    expect(app.server.calls.filter(({ authorization }) => authorization !== null)).toHaveLength(1)
  })

  it('keeps the bearer across a redirect within the API', async () => {
    const app = await signedIn((session) => session.fetch('/moved'))
    app.server.elsewhere.set(`${apiOrigin}/moved`, redirectTo('/api/v1/me', 308))
    expect(await (await app.browser.visit('/')).json()).toEqual({ username: 'ada' })
  })

  it.each([
    ['POST', 301, 'GET ', null],
    ['POST', 303, 'GET ', null],
    ['HEAD', 303, 'HEAD ', null],
    ['PUT', 302, 'PUT {"a":1}', 'application/json'],
    ['POST', 307, 'POST {"a":1}', 'application/json'],
  ])('a %s goes on as RFC 9110 has it after a %i', async (method, status, sent, type) => {
    const body = method === 'HEAD' ? null : '{"a":1}'
    const app = await signedIn((session) =>
      session.fetch('/moved', { method, body, headers: { 'content-type': 'application/json' } }),
    )
    const arrived: (string | null)[] = []
    app.server.elsewhere.set(`${apiOrigin}/moved`, redirectTo('/here', status))
    app.server.elsewhere.set(`${apiOrigin}/here`, (request) => {
      arrived.push(request.headers.get('content-type'))
      return new Response(request.body, { headers: { method: request.method } })
    })
    const answer = await app.browser.visit('/')
    expect([`${answer.headers.get('method')} ${await answer.text()}`, method === 'HEAD' ? null : arrived[0]]).toEqual([
      sent,
      type,
    ])
  })

  it('leaves a redirect to a caller who follows none, or that leads nowhere', async () => {
    const app = await signedIn((session) => session.fetch('/moved', { redirect: 'manual' }))
    app.server.elsewhere.set(`${apiOrigin}/moved`, redirectTo('/api/v1/me'))
    expect((await app.browser.visit('/')).status).toBe(302)
    app.page = (session) => session.fetch('/moved')
    app.server.elsewhere.set(`${apiOrigin}/moved`, redirectTo('https://:x'))
    expect((await app.browser.visit('/')).status).toBe(302)
  })

  it('takes a whole request, and a session whose tools say where to sign in', async () => {
    const app = await signedIn(async (session) => {
      const answer = await session.fetch(new Request(`${apiOrigin}/api/v1/me`))
      return Response.json([await answer.json(), session.state, session.signInPath({ scopes: ['VaultRead'] })])
    })
    expect(await (await app.browser.visit('/')).json()).toEqual([
      { username: 'ada' },
      'SignedIn',
      '/oauth/sign-in?scopes=VaultRead',
    ])
  })

  it('gives up on a redirect that leads in circles', async () => {
    const app = await signedIn(
      async (session) => new Response(String(await session.fetch('/moved').catch((error: unknown) => error))),
    )
    app.server.elsewhere.set(`${apiOrigin}/moved`, redirectTo('/moved'))
    expect(await (await app.browser.visit('/')).text()).toContain('Too many redirects')
  })

  it('sends a body again when the token had to be renewed', async () => {
    const bodies: string[] = []
    const app = await signedIn((session) => session.fetch('/api/v1/things', { method: 'POST', body: 'a thing' }))
    app.server.accessTokens.clear()
    app.server.elsewhere.set(`${apiOrigin}/api/v1/things`, (request) => {
      void request.text().then((text) => bodies.push(text))
      return new Response('kept', { status: bodies.length === 0 && app.server.calls.length === 1 ? 401 : 200 })
    })
    expect(await (await app.browser.visit('/')).text()).toBe('kept')
    expect(bodies).toEqual(['a thing', 'a thing'])
  })

  it('says so when nobody is signed in', async () => {
    const app = new App()
    app.page = (session) => session.fetch('/api/v1/me')
    const answer = await app.browser.visit('/me?tab=1')
    expect(answer.headers.get('location')).toBe('/oauth/sign-in?returnTo=%2Fme%3Ftab%3D1')
    const program = await app.browser.ask('/me')
    expect([program.status, await program.json()]).toEqual([
      401,
      expect.objectContaining({ error: 'not_signed_in', signIn: '/oauth/sign-in?returnTo=%2Fme' }),
    ])
  })

  it('takes a person who sent a form to sign in, and back to the page it stands on', async () => {
    const app = new App()
    app.page = (session) => session.fetch('/api/v1/me')
    const form = { 'sec-fetch-dest': 'document', accept: 'text/html', referer: 'https://app.test/gallery?n=2' }
    const answer = await app.handle(new Request('https://app.test/make', { method: 'POST', headers: form }))
    const address = new URL(answer.headers.get('location') as string, 'https://app.test')
    expect([answer.status, address.pathname]).toEqual([303, '/oauth/sign-in'])
    expect(address.searchParams.get('returnTo')).toBe('https://app.test/gallery?n=2')
    const program = await app.handle(new Request('https://app.test/make', { method: 'POST' }))
    expect(program.status).toBe(401)
  })
})

describe('when a call spends buzz', () => {
  const spending = (answer: () => Response) =>
    signedIn(async (session) =>
      session.spend('/api/v1/workflows', { method: 'POST' }).then(
        (response) => new Response(`answered ${response.status}`),
        (error: unknown) => Response.json(error),
      ),
    ).then((app) => {
      app.server.elsewhere.set(`${apiOrigin}/api/v1/workflows`, answer)
      return app
    })

  it('says that it was refused, and does not try again', async () => {
    const app = await spending(() => Response.json({ code: 'BAD_REQUEST', message: 'Not enough.' }, { status: 400 }))
    expect(await (await app.browser.visit('/')).json()).toMatchObject({ _tag: 'SpendRefused' })
    expect(app.server.calls).toHaveLength(1)
  })

  it.each([
    ['a success', 200, { id: 1 }],
    ['another refusal', 400, { code: 'NOT_FOUND' }],
    ['a broken server', 500, { code: 'BAD_REQUEST' }],
  ])('leaves %s to the app', async (_, status, body) => {
    const app = await spending(() => Response.json(body, { status }))
    expect(await (await app.browser.visit('/')).text()).toBe(`answered ${status}`)
  })
})

describe('when a permission is missing', () => {
  const granting = ['UserRead', 'BuzzRead', 'ModelsWrite']

  it('asks for it beside all that was granted, and the action resumes', async () => {
    const app = await signedIn((session) => session.fetch('/api/v1/models?needs=ModelsWrite'))
    const leaving = await app.browser.visit('/models')
    const url = leaving.headers.get('location') as string
    expect(url).toBe('/oauth/sign-in?returnTo=%2Fmodels&scopes=ModelsWrite')
    const back = await app.signIn(url)
    expect(back.headers.get('location')).toBe('/models')
    expect(await (await app.browser.visit('/models')).json()).toEqual({ username: 'ada' })
    expect(await app.session()).toMatchObject({ scopes: expect.arrayContaining(granting) })
    expect(app.server.asked).toHaveLength(2)
  })

  it('asks for it in place of the error page a framework made of it', async () => {
    const app = await signedIn((session) =>
      session.fetch('/api/v1/models?needs=ModelsWrite').catch(() => new Response('Internal error', { status: 500 })),
    )
    const leaving = new URL((await app.browser.visit('/models')).headers.get('location') as string)
    expect(leaving.searchParams.get('scope')).toBe(String(1 + 8 + 65536))
    expect(leaving.searchParams.get('prompt')).toBeNull()
  })

  it('leaves an app alone that does without', async () => {
    const app = await signedIn((session) =>
      session.fetch('/api/v1/models?needs=ModelsWrite').catch(() => new Response('fine')),
    )
    expect(await (await app.browser.visit('/models')).text()).toBe('fine')
  })

  it('tells a script which, and where to send the person', async () => {
    const app = await signedIn((session) => {
      session.requireScopes('ModelsWrite')
      return new Response()
    })
    const answer = await app.browser.ask('/models')
    expect([answer.status, await answer.json()]).toEqual([
      403,
      expect.objectContaining({
        error: 'scopes_missing',
        scopes: ['ModelsWrite'],
        signIn: '/oauth/sign-in?returnTo=%2Fmodels&scopes=ModelsWrite',
      }),
    ])
  })

  it('lets whoever has the permission pass, and asks nobody who is not there', async () => {
    const app = await signedIn((session) => {
      session.requireScopes('BuzzRead')
      return new Response('fine')
    })
    expect(await (await app.browser.visit('/buzz')).text()).toBe('fine')
    await app.browser.submit('/oauth/sign-out')
    const answer = await app.browser.visit('/buzz')
    expect(answer.headers.get('location')).toBe('/oauth/sign-in?returnTo=%2Fbuzz')
  })

  it('keeps the session when the person says no', async () => {
    const app = await signedIn(() => new Response())
    await app.signIn('/oauth/sign-in?scopes=ModelsWrite', app.browser, { error: 'access_denied' })
    expect(await app.session()).toMatchObject({ status: 'signed-in', scopes: ['UserRead', 'BuzzRead'] })
  })
})
