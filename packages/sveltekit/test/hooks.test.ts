import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { requireScopes, requireUser } from '../src/index.ts'
import { App, type Event, origin, page } from './app.ts'

let app: App
beforeEach(async () => {
  app = await App.start()
})
afterEach(() => app.server.close())

/** What a guard does inside a `load`, an action or an endpoint: SvelteKit answers what it throws. */
const guarded = async (event: Event, guard: (event: Event) => unknown) => {
  let thrown: unknown
  await app.visit(event, () => {
    try {
      guard(event)
    } catch (error) {
      thrown = error
    }
    return new Response()
  })
  return thrown
}

describe('the hook', () => {
  it('gives every event a session', async () => {
    const event = app.event('/')
    await app.visit(event)
    expect(event.locals.civitai.status).toBe('signed-out')
    await app.signIn()
    const next = app.event('/')
    await app.visit(next)
    expect(next.locals.civitai).toMatchObject({ status: 'signed-in', user: { username: 'ben' } })
  })

  it('answers our own routes before the app sees them', async () => {
    const seen: string[] = []
    await app.visit(app.event('/oauth/session'), (event) => {
      seen.push(event.url.pathname)
      return new Response()
    })
    expect(seen).toEqual([])
  })
})

describe('event.fetch', () => {
  const fetched = async (address: string) => {
    const event = app.event('/')
    let request = new Request(address)
    await app.visit(event)
    const answer = await app.hooks.handleFetch({
      event,
      request,
      fetch: async (input) => {
        request = input as Request
        return new Response('plain')
      },
    })
    return { answer, request }
  }

  it('reaches the API with the token of the person', async () => {
    await app.signIn()
    const { answer } = await fetched(`${app.server.issuer}/api/v1/me`)
    expect(await answer.json()).toMatchObject({ username: 'ben' })
  })

  it('goes anywhere else as it was', async () => {
    await app.signIn()
    const { answer, request } = await fetched('https://elsewhere.example/')
    expect([await answer.text(), request.headers.get('authorization')]).toEqual(['plain', null])
  })

  it('asks the API as nobody when nobody is signed in', async () => {
    expect(await (await fetched(`${app.server.issuer}/api/v1/me`)).answer.text()).toBe('plain')
  })
})

describe('a guard', () => {
  it.each([
    ['a page', '/gallery?page=2', page, { status: 303, location: '/oauth/sign-in?returnTo=%2Fgallery%3Fpage%3D2' }],
    ['the data of a page', '/gallery/__data.json', { accept: '*/*' }, { status: 303 }],
    ['an enhanced form', '/gallery', { accept: 'application/json', 'x-sveltekit-action': 'true' }, { status: 303 }],
    ['a program', '/api/things', { accept: 'application/json' }, { status: 401 }],
  ])('sends nobody away from %s the way it understands', async (_, path, headers, thrown) => {
    expect(await guarded(app.event(path, headers), requireUser)).toMatchObject(thrown)
  })

  it('answers the session of whoever is signed in', async () => {
    await app.signIn()
    const event = app.event('/')
    await app.visit(event)
    expect(requireUser(event).user.username).toBe('ben')
    expect(requireScopes(event, 'BuzzRead').scopes).toEqual(['UserRead', 'BuzzRead'])
  })

  it('asks for the permission that is missing, and lets the person on once they gave it', async () => {
    await app.signIn()
    const thrown = await guarded(app.event('/generate'), (event) => requireScopes(event, 'AIServicesWrite'))
    expect(thrown).toMatchObject({
      status: 303,
      location: '/oauth/sign-in?returnTo=%2Fgenerate&scopes=AIServicesWrite',
    })
    const back = await app.signIn((thrown as { location: string }).location)
    expect(back.headers.get('location')).toBe('/generate')
    expect(await guarded(app.event('/generate'), (event) => requireScopes(event, 'AIServicesWrite'))).toBeUndefined()
  })

  it('leads back to the page that a form stands on, for the form cannot be sent again', async () => {
    const form = app.event('/gallery?/preview', page, 'POST')
    expect(await guarded(form, requireUser)).toMatchObject({
      status: 303,
      location: '/oauth/sign-in?returnTo=%2Fgallery',
    })
  })

  it.each([
    ['a query of a page', 'GET', { referer: `${origin}/gallery?page=2` }],
    [
      'a form that a page sends',
      'POST',
      {
        'content-type': 'application/x-sveltekit-formdata',
        'x-sveltekit-pathname': '/gallery',
        'x-sveltekit-search': '?page=2',
      },
    ],
  ])('leads back to the page that asks, from %s', async (_, method, headers) => {
    const remote = Object.defineProperty(app.event('/_app/remote/abc/who', headers, method), 'url', {
      get: () => {
        throw new Error('A query must not look at the address of the page.')
      },
    })
    expect(await guarded(Object.assign(remote, { isRemoteRequest: true }), requireUser)).toMatchObject({
      status: 303,
      location: '/oauth/sign-in?returnTo=%2Fgallery%3Fpage%3D2',
    })
  })

  it('tells a command with a status, for a redirect there is an error', async () => {
    const headers = { 'content-type': 'application/json', accept: '*/*' }
    const command = Object.assign(app.event('/_app/remote/abc/make', headers, 'POST'), { isRemoteRequest: true })
    expect(await guarded(command, requireUser)).toMatchObject({ status: 401 })
  })

  it('knows the page while a query is part of it', async () => {
    const rendering = app.event('/gallery?page=2')
    await app.visit(rendering)
    const query = Object.create(rendering, {
      url: {
        get: () => {
          throw new Error('A query must not look at the address of the page.')
        },
      },
    }) as Event
    expect(() => requireUser(query)).toThrow(
      expect.objectContaining({ location: '/oauth/sign-in?returnTo=%2Fgallery%3Fpage%3D2' }),
    )
  })

  it.each([
    { 'x-sveltekit-pathname': '//evil.example/' },
    { referer: 'https://evil.example/gallery' },
    { referer: 'x' },
  ])('K5 leads to no other site, whatever a page says it is: %o', async (headers) => {
    const remote = Object.assign(app.event('/_app/remote/abc/who', headers), { isRemoteRequest: true })
    const { location } = (await guarded(remote, requireUser)) as { location: string }
    const back = await app.signIn(location)
    expect(back.headers.get('location')).toBe('/')
  })

  it('tells a program which permission is missing', async () => {
    await app.signIn()
    const program = app.event('/api/generate', { accept: 'application/json' })
    expect(await guarded(program, (event) => requireScopes(event, 'AIServicesWrite'))).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('AIServicesWrite') },
    })
  })
})
