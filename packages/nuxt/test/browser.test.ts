// @vitest-environment happy-dom
/** What the module does in the app: the session as refs, from the server's HTML on, and the guard of a page. */
import type { BrowserSession } from '@civitai-oauth/client/browser'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type App, createSSRApp, defineComponent, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import guard from '../src/runtime/app/guard.ts'
import plugin from '../src/runtime/app/plugin.ts'
import { useCivitaiAuth as useInNuxt } from '../src/runtime/app/use-civitai-auth.ts'
import { civitaiAuth, useCivitaiAuth } from '../src/vue.ts'
import { type PageDouble, openPage } from './nuxt-app.ts'

const ada: BrowserSession = {
  status: 'signed-in',
  user: { id: '1', username: 'ada' },
  scopes: ['UserRead'],
  expiresAt: 1_800_000_000_000,
}

/** Answers `GET /oauth/session` and `POST /oauth/sign-out`. */
const serve = (session: BrowserSession): string[] => {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (path: string, { method = 'GET' }: RequestInit = {}) => {
    asked.push(`${method} ${path}`)
    return Response.json(method === 'POST' ? { status: 'signed-out' } : session)
  })
  return asked
}

const leaving = () => vi.spyOn(location, 'assign').mockImplementation(() => {})

// Each test is a tab of its own: none hears what another says.
beforeEach(() => void vi.stubGlobal('BroadcastChannel', undefined))
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** Runs our plugin as Nuxt does. */
const setUp = (given: Partial<PageDouble> = {}): PageDouble => {
  const page = openPage(given)
  const { setup } = plugin as unknown as { setup(page: PageDouble): { provide: { civitaiAuth: unknown } } }
  page.$civitaiAuth = setup(page).provide.civitaiAuth
  return page
}

const requestOf = (session: BrowserSession): NonNullable<PageDouble['event']> => ({
  context: {
    civitai: { ...session, view: session, signInPath: (request) => `/oauth/sign-in ${JSON.stringify(request)}` },
  },
})

describe('a page that the server rendered', () => {
  it('knows whose request it was, and hands that to the browser without a token', () => {
    const { payload } = setUp({ event: requestOf(ada) })
    expect(useInNuxt().user.value?.username).toBe('ada')
    expect(payload.state).toEqual({ 'civitai-auth': ada })
  })

  it('is `unknown` where it is the same for everyone', () => {
    setUp({ event: { context: {} } })
    expect(useInNuxt().status.value).toBe('unknown')
  })
})

describe('a page in the browser', () => {
  it('starts with what the server rendered, and asks nobody', () => {
    const asked = serve({ status: 'signed-out' })
    const page = setUp({ isHydrating: true, payload: { serverRendered: true, state: { 'civitai-auth': ada } } })
    for (const run of page.waiting) run()
    expect([useInNuxt().session.value, asked]).toEqual([ada, []])
  })

  it('does not change before it is hydrated, and asks once after that', async () => {
    const asked = serve(ada)
    const state = { 'civitai-auth': { status: 'unknown' } }
    const page = setUp({ isHydrating: true, payload: { serverRendered: true, state } })
    const { status } = useInNuxt()
    expect([status.value, asked]).toEqual(['unknown', []])
    for (const run of page.waiting) run()
    await vi.waitUntil(() => status.value === 'signed-in')
    expect(asked).toEqual(['GET /oauth/session'])
  })

  it('signs out, shows it at once, and loads the start page anew', async () => {
    const asked = serve(ada)
    const assign = leaving()
    setUp({ payload: { serverRendered: true, state: { 'civitai-auth': ada } } })
    const auth = useInNuxt()
    await auth.signOut()
    expect([asked, auth.status.value]).toEqual([['POST /oauth/sign-out'], 'signed-out'])
    expect(assign).toHaveBeenCalledWith('/')
  })
})

describe('a page with a requirement', () => {
  const to = (civitaiAuth?: object) => ({ fullPath: '/spend?n=1', meta: { ...(civitaiAuth && { civitaiAuth }) } })
  const enter = (target = to({})) => guard(target as never, target as never)
  const start = (session: BrowserSession, given: Partial<PageDouble> = {}) =>
    setUp({ payload: { serverRendered: true, state: { 'civitai-auth': session } }, ...given })

  it('sends who is signed out to sign in, and back, from the server', async () => {
    setUp({ event: requestOf({ status: 'signed-out' }) })
    const wanted = enter()
    const signIn = '/oauth/sign-in {"returnTo":"/spend?n=1","scopes":[]}'
    expect(await wanted).toEqual({ to: signIn, external: true, redirectCode: 303 })
  })

  it('asks for the permission that is missing', async () => {
    setUp({ event: requestOf(ada) })
    const wanted = enter(to({ scopes: ['AIServicesWrite'] }))
    expect(await wanted).toMatchObject({ to: expect.stringContaining('AIServicesWrite') })
  })

  it.each([
    ['who is signed in', requestOf(ada)],
    ['everyone, where the page is the same for everyone', { context: {} }],
  ])('lets in %s', async (_, event) => {
    setUp({ event })
    const entered = enter(to({ scopes: ['UserRead'] }))
    expect(await entered).toBeUndefined()
  })

  it('leads from a link for pages to where a sign-in begins', async () => {
    start({ status: 'signed-out' })
    const link = { path: '/oauth/sign-in', fullPath: '/oauth/sign-in?returnTo=/a', meta: {} }
    expect(await enter(link as never)).toEqual({ to: `${location.origin}/oauth/sign-in?returnTo=/a`, external: true })
  })

  it('leaves pages without one alone', async () => {
    start({ status: 'signed-out' })
    expect(await enter(to())).toBeUndefined()
  })

  it('asks the server before it judges, when a person comes from a cached page', async () => {
    const asked = serve(ada)
    start({ status: 'unknown' })
    expect([await enter(), asked]).toEqual([undefined, ['GET /oauth/session']])
  })

  it('redirects nobody when the server cannot be asked', async () => {
    const assign = leaving()
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')))
    start({ status: 'unknown' })
    expect(await enter()).toBeUndefined()
    expect(assign).not.toHaveBeenCalled()
  })

  it('does not judge again what the server rendered', async () => {
    start({ status: 'signed-out' }, { isHydrating: true })
    expect(await enter()).toBeUndefined()
  })

  it('leaves to sign in from the browser', async () => {
    const assign = leaving()
    start({ status: 'signed-out' })
    void enter(to({ scopes: ['BuzzRead'] }))
    await vi.waitUntil(() => assign.mock.calls.length > 0)
    expect(assign).toHaveBeenCalledWith('/oauth/sign-in?returnTo=%2Fspend%3Fn%3D1&scopes=BuzzRead')
  })

  it('loads the page anew for an expired session, which restores it', async () => {
    start({ status: 'expired', user: { id: '1', username: 'ada' } })
    expect(await enter()).toEqual({ to: `${location.origin}/spend?n=1`, external: true })
  })

  it('leaves its own origin for no path, however it is spelled', async () => {
    start({ status: 'expired', user: { id: '1', username: 'ada' } })
    const target = { fullPath: '//evil.example/', meta: { civitaiAuth: {} } }
    expect(await enter(target)).toEqual({ to: `${location.origin}//evil.example/`, external: true })
  })

  it('comes back below the base of the app', async () => {
    const assign = leaving()
    start({ status: 'signed-out' }, { baseURL: '/app/' })
    void enter()
    await vi.waitUntil(() => assign.mock.calls.length > 0)
    expect(assign).toHaveBeenCalledWith('/app/oauth/sign-in?returnTo=%2Fapp%2Fspend%3Fn%3D1')
  })
})

describe('plain Vue', () => {
  const Status = defineComponent(() => {
    const { status, user } = useCivitaiAuth()
    return () => h('p', user.value?.username ?? status.value)
  })
  const appWith = (...plugins: Parameters<App['use']>[0][]) => {
    const app = createSSRApp(Status)
    for (const one of plugins) app.use(one)
    return app
  }

  it('hydrates without a mismatch, then shows who is there', async () => {
    const asked = serve(ada)
    const warn = vi.spyOn(console, 'warn')
    vi.stubGlobal('window', undefined)
    const html = await renderToString(appWith(civitaiAuth()))
    vi.unstubAllGlobals()
    serve(ada)
    document.body.innerHTML = `<div id="app">${html}</div>`
    const app = appWith(civitaiAuth())
    app.mount('#app')
    expect([html, document.body.textContent, asked]).toEqual(['<p>unknown</p>', 'unknown', []])
    await vi.waitUntil(() => document.body.textContent === 'ada')
    expect(warn).not.toHaveBeenCalled()
    app.unmount()
  })

  it('says what to do where the plugin is missing', () => {
    const app = appWith()
    app.config.warnHandler = () => {}
    const place = document.createElement('div')
    place.innerHTML = '<p></p>'
    expect(() => app.mount(place)).toThrow('app.use(civitaiAuth())')
  })
})
