/** What the module does on the server: sessions opened, shared and kept, our routes answered, guards. */
import { memoryStore } from '@civitai-oauth/client/store/memory'
import { type TestServer, startProvider } from '@civitai-oauth/testing'
import { type EventHandler, type H3Event, createError, defineEventHandler, readBody } from 'h3'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Session } from '@civitai-oauth/client'
import { requireCivitaiUser } from '../src/runtime/server/require-civitai-user.ts'
import { type TestNuxt, startNuxt } from './app.ts'

let server: TestServer
let app: TestNuxt

beforeAll(async () => {
  server = await startProvider()
})
afterAll(() => server.close())
afterEach(() => app.close())

const sessionOf = (event: H3Event) => event.context['civitai'] as Session
const status = defineEventHandler((event) => sessionOf(event)?.status ?? 'nobody asked')
const start = async (
  routes: Readonly<Record<string, EventHandler>> = {},
  ...more: Parameters<typeof startNuxt> extends [unknown, unknown, ...infer Rest] ? Rest : never
) => {
  app = await startNuxt(server, { '/': status, ...routes }, ...more)
  return app
}

describe('a person', () => {
  it('signs in, is known to every route, and signs out with a plain form', async () => {
    const { visit, signIn, ask } = await start()
    expect(await (await visit('/')).text()).toBe('signed-out')
    const back = await signIn('/oauth/sign-in?returnTo=/gallery')
    expect([back.status, back.headers.get('location')]).toEqual([303, '/gallery'])
    expect(await (await visit('/')).text()).toBe('signed-in')
    expect(await (await ask('/oauth/session')).json()).toMatchObject({ status: 'signed-in', user: { username: 'ben' } })
    const gone = await visit('/oauth/sign-out', { method: 'POST', body: new URLSearchParams({ returnTo: '/bye' }) })
    expect([gone.status, gone.headers.get('location')]).toEqual([303, '/bye'])
    expect(await (await visit('/')).text()).toBe('signed-out')
  })

  it('is known to the middleware of the app, which may insist on them', async () => {
    const insist = defineEventHandler((event) => void (event.path === '/members' && requireCivitaiUser(event)))
    const members = defineEventHandler(() => 'members')
    const { visit, signIn } = await start({ '/members': members }, { ownMiddleware: [insist] })
    const refused = await visit('/members')
    expect(refused.headers.get('location')).toBe('/oauth/sign-in?returnTo=%2Fmembers')
    await signIn()
    expect(await (await visit('/members')).text()).toBe('members')
  })

  it('is told to the app at sign-in, through a hook', async () => {
    const seen: unknown[] = []
    const { signIn } = await start(
      {},
      { own: ({ hooks }) => hooks.hook('civitai:sign-in', (user) => void seen.push(user)) },
    )
    await signIn()
    expect(seen).toMatchObject([{ username: 'ben' }])
  })

  it('K6 is not signed out by a page of another site', async () => {
    const { visit, signIn } = await start()
    await signIn()
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect((await visit('/oauth/sign-out', { method: 'POST', headers })).status).toBe(403)
    expect(await (await visit('/')).text()).toBe('signed-in')
  })
})

/** The API no longer takes the access token, so the route's own call renews it: the new pair has to reach the browser. */
const renewing = (answer: () => unknown) =>
  defineEventHandler(async (event) => {
    await sessionOf(event).fetch('/api/v1/me')
    return answer()
  })

const answers = {
  '/json': renewing(() => ({ a: 1 })),
  '/stream': renewing(() => new Blob(['streamed']).stream()),
  '/response': renewing(() => new Response('made by hand')),
  '/error': renewing(() => {
    throw createError({ statusCode: 418 })
  }),
  '/crash': renewing(() => {
    throw new Error('A bug of the app.')
  }),
}

describe('a session renewed while a route runs', () => {
  it.each([
    ['/json', 200],
    ['/stream', 200],
    ['/response', 200],
    ['/error', 418],
    ['/crash', 500],
  ])('reaches the browser with the answer of %s', async (path, expected) => {
    const { visit, signIn } = await start(answers)
    await signIn()
    server.advance(3_700)
    const answer = await visit(path)
    await answer.text()
    expect([answer.status, answer.headers.getSetCookie().length]).toEqual([expected, 1])
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    expect(await (await visit('/')).text()).toBe('signed-in')
  })

  it('leaves to be restored, in place of the page, when the server refuses to go on', async () => {
    const { visit, signIn, clientId } = await start(answers)
    await signIn()
    await server.disconnect('ben', clientId)
    const leaving = await visit('/json')
    expect(new URL(leaving.headers.get('location') ?? '').searchParams.get('prompt')).toBe('none')
    expect(leaving.status).toBe(303)
  })
})

describe('a route that is cached for everyone', () => {
  const rules = {
    '/cached': { cache: {} },
    '/isr': { isr: 60 },
    '/static': { prerender: true },
    '/oauth/session': { cache: {} },
  }

  it.each(['/cached', '/isr', '/static'])('knows nobody and sets no cookie: %s', async (path) => {
    const { visit, signIn } = await start({ [path]: status }, { rules })
    await signIn()
    const answer = await visit(path)
    expect([await answer.text(), answer.headers.getSetCookie()]).toEqual(['nobody asked', []])
  })

  it('is never one of ours', async () => {
    const { ask, signIn } = await start({}, { rules })
    await signIn()
    expect(await (await ask('/oauth/session')).json()).toMatchObject({ status: 'signed-in' })
  })

  it('says so where it asks for the person', async () => {
    await start()
    expect(() => requireCivitaiUser({ context: {} } as H3Event)).toThrow('cached for everyone')
  })
})

describe('requireCivitaiUser', () => {
  const guarded = {
    '/mine': defineEventHandler((event) => requireCivitaiUser(event).user.username),
    '/spend': defineEventHandler((event) => requireCivitaiUser(event, 'AIServicesWrite').user.username),
  }

  it('answers a program with 401 and the address to sign in at', async () => {
    const { ask } = await start(guarded)
    const answer = await ask('/mine')
    expect([answer.status, await answer.json()]).toMatchObject([401, { signIn: '/oauth/sign-in?returnTo=%2Fmine' }])
  })

  it('sends a person to sign in, and back', async () => {
    const { visit } = await start(guarded)
    const answer = await visit('/mine')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/oauth/sign-in?returnTo=%2Fmine'])
  })

  it('lets in who is signed in', async () => {
    const { visit, signIn } = await start(guarded)
    await signIn()
    expect(await (await visit('/mine')).text()).toBe('ben')
  })

  it('asks for the permission that is missing, beside those granted before', async () => {
    const { visit, ask, signIn } = await start(guarded)
    await signIn()
    expect((await ask('/spend')).status).toBe(403)
    const answer = await visit('/spend')
    expect(answer.headers.get('location')).toBe('/oauth/sign-in?returnTo=%2Fspend&scopes=AIServicesWrite')
    await signIn(answer.headers.get('location') ?? '')
    expect(await (await visit('/spend')).text()).toBe('ben')
  })
})

describe('a request', () => {
  it('keeps its body for the route it is for', async () => {
    const { ask } = await start({ '/echo': defineEventHandler((event) => readBody(event)) })
    const answer = await ask('/echo', {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    })
    expect(await answer.json()).toEqual({ a: 1 })
  })

  it('H1 does not choose the address people come back to', async () => {
    const { visit, origin } = await start()
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' }
    const leaving = await visit('/oauth/sign-in', { headers })
    const back = new URL(leaving.headers.get('location') ?? '').searchParams.get('redirect_uri')
    expect(back).toBe(`${origin}/oauth/callback`)
  })
})

describe('a server that lacks a setting', () => {
  it('says all of it before the first request', async () => {
    vi.resetModules()
    const { startNitro } = await import('./nitro.ts')
    const { civitaiAuth } = await import('../src/runtime/server/auth.ts')
    await startNitro({
      config: { civitaiAuth: { clientId: '', sessionSecret: 'short', scopes: ['UserRead'] } },
      plugin: async () => () => {},
      middleware: async () => status,
      routes: {},
    })
    expect(civitaiAuth).toThrow(/CIVITAI_CLIENT_ID[^]*CIVITAI_SESSION_SECRET is too short/)
  })
})

describe('what a configuration file cannot hold', () => {
  it('is set by a hook of the app, however late its plugin comes', async () => {
    const store = memoryStore()
    const save = vi.spyOn(store, 'save')
    const { visit, signIn } = await start(
      {},
      {
        own: ({ hooks }) =>
          hooks.hook('civitai:options', (options: { store?: object }) => void (options.store = store)),
      },
    )
    await signIn()
    expect(await (await visit('/')).text()).toBe('signed-in')
    expect(save).toHaveBeenCalled()
  })
})
