/** The tab in DevTools: what it shows, to whom, and that it is there in development only. */
import { fileURLToPath } from 'node:url'
import { loadNuxt } from '@nuxt/kit'
import type { Session } from '@civitai-oauth/client'
import { type TestServer, startProvider } from '@civitai-oauth/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Shown } from '../src/runtime/server/devtools/state.ts'
import { createLog } from '../src/runtime/server/devtools/log.ts'
import { type TestNuxt, startNuxt } from './app.ts'

let server: TestServer
let app: TestNuxt

beforeAll(async () => {
  server = await startProvider()
})
afterAll(() => server.close())
afterEach(() => app?.close())

const routes = async () => ({
  '/__civitai-oauth': (await import('../src/runtime/server/devtools/page.ts')).default,
  '/__civitai-oauth/state': (await import('../src/runtime/server/devtools/state.ts')).default,
})

/** As in development: the tab's own plugin listens, too. */
const start = async () => {
  app = await startNuxt(server, routes)
  return app
}
const shown = async () => (await (await app.ask('/__civitai-oauth/state')).json()) as Shown

describe('the tab', () => {
  it('shows nobody, and the exact redirect URI to register', async () => {
    await start()
    const { origin, clientId } = app
    const { registration, ...rest } = await shown()
    expect(rest).toMatchObject({ state: 'SignedOut', status: 'signed-out', scopes: [] })
    expect(registration).toMatchObject({
      clientId,
      redirectUri: `${origin}/oauth/callback`,
      scopes: ['UserRead', 'BuzzRead'],
    })
  })

  it('shows who is signed in, until when, and what they allowed', async () => {
    const { signIn } = await start()
    await signIn()
    expect(await shown()).toMatchObject({
      state: 'SignedIn',
      user: 'ben',
      expiresAt: expect.any(Number),
      scopes: [{ scope: 'UserRead', label: 'Read profile, settings & email' }, { scope: 'BuzzRead' }],
    })
  })

  it('T6 shows no secret, code or token', async () => {
    const { signIn, ask } = await start()
    await signIn()
    const text = await (await ask('/__civitai-oauth/state')).text()
    expect(text).not.toMatch(/civitai_(code|access|refresh|secret)|code_challenge|"state":"[0-9a-f]{32}/)
  })

  it('begins no sign-in by looking', async () => {
    await start()
    const answer = await app.ask('/__civitai-oauth/state')
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('draws with scripts and styles of its own only, in no frame of another site', async () => {
    const { ask } = await start()
    const answer = await ask('/__civitai-oauth')
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'self'")
    const [, nonce = ''] = /script-src 'nonce-([^']+)'/.exec(policy) ?? []
    expect(await answer.text()).toContain(`<script nonce="${nonce}">`)
  })

  it.each([
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { 'sec-fetch-site': 'same-site' }],
  ])('O5 is not for %s', async (_, headers) => {
    const { ask } = await start()
    expect((await ask('/__civitai-oauth/state', { headers })).status).toBe(403)
    expect((await ask('/__civitai-oauth', { headers })).status).toBe(403)
  })
})

describe('its log', () => {
  const session = (state: string, username?: string) =>
    ({
      state,
      view: username ? { status: 'signed-in', user: { id: '1', username } } : { status: 'signed-out' },
    }) as Session

  it('tells each change of state once, without the query of the request', () => {
    const log = createLog()
    log.seen(session('SignedIn', 'ada'), '/oauth/callback?code=secret', 1)
    log.seen(session('SignedIn', 'ada'), '/', 2)
    log.seen(session('SignedOut'), '/', 3)
    log.seen(session('TryLater', 'ada'), '/spend', 4)
    expect(log.entries).toEqual([
      { at: 4, kind: 'state', user: 'ada', from: 'SignedIn', to: 'TryLater', path: '/spend' },
      { at: 3, kind: 'state', user: 'nobody', from: undefined, to: 'SignedOut', path: '/' },
      { at: 1, kind: 'state', user: 'ada', from: undefined, to: 'SignedIn', path: '/oauth/callback' },
    ])
  })

  it('keeps the last fifty', () => {
    const log = createLog()
    for (let at = 0; at < 80; at++) log.happened({ type: 'refreshed', userId: '1' }, at)
    expect([log.entries.length, log.entries[0]?.at]).toEqual([50, 79])
  })
})

/** What `@nuxt/devtools` calls; Nuxt itself does not know it. */
const tabHook = 'devtools:customTabs' as 'ready'

describe('the module', { timeout: 60_000 }, () => {
  const load = async (dev: boolean) => {
    const nuxt = await loadNuxt({ cwd: fileURLToPath(new URL('fixture/', import.meta.url)), dev, ready: true })
    const tabs: { readonly name: string; readonly view: { readonly src: string } }[] = []
    await nuxt.hooks.callHookWith(
      (listeners) => listeners.forEach((listen) => listen(tabs as never)),
      tabHook,
      [] as never,
    )
    const { serverHandlers } = nuxt.options as unknown as { readonly serverHandlers: readonly { route?: string }[] }
    const served = serverHandlers.map(({ route }) => route).filter((route) => route?.includes('civitai'))
    await nuxt.close()
    return { tabs, served }
  }

  it('adds the tab and its routes in development', async () => {
    const { tabs, served } = await load(true)
    expect(tabs).toMatchObject([{ name: 'civitai-oauth', view: { type: 'iframe', src: '/__civitai-oauth' } }])
    expect(served).toEqual(['/__civitai-oauth', '/__civitai-oauth/state'])
  })

  it('adds none of it to a build', async () => {
    expect(await load(false)).toEqual({ tabs: [], served: [] })
  })
})
