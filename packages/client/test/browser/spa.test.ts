import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSpaStore } from '../../src/browser/spa.ts'
import { apiOrigin, issuer } from '../fake-server.ts'
import { PublicBrowser, type Tab } from './public-tab.ts'

let browser: PublicBrowser
let tab: Tab
beforeEach(async () => {
  browser = new PublicBrowser()
  tab = await browser.tab()
})
afterEach(() => vi.unstubAllGlobals())

const open = () => createSpaStore({ clientId: browser.server.clientId, issuer, apiOrigin, scopes: ['BuzzRead'] })
const changed = (store: ReturnType<typeof open>, status: string) =>
  new Promise<void>((done) => {
    const stop = store.subscribe(() => {
      if (store.get().status !== status) return
      stop()
      done()
    })
  })

describe('the store of an app without a server, before its protocol is loaded', () => {
  it('knows nothing, and then what the protocol knows', async () => {
    const store = open()
    expect([store.get(), store.error()]).toEqual([{ status: 'unknown' }, undefined])
    store.adopt({ status: 'signed-out' })
    expect(store.get()).toEqual({ status: 'unknown' })
    await changed(store, 'signed-out')
    expect(store.get()).toEqual({ status: 'signed-out' })
  })

  it('signs in, calls the API, and signs out through it', async () => {
    await tab.signIn()
    const store = open()
    await changed(store, 'signed-in')
    expect(await store.accessToken()).toMatch(/^access-/)
    expect(await (await store.fetch('/api/v1/me')).json()).toEqual({ username: 'ada' })
    await store.reload()
    await store.signOut({ returnTo: '/goodbye' })
    expect([store.get(), tab.address]).toEqual([{ status: 'signed-out' }, 'https://spa.test/goodbye'])
  })

  it('leaves for the server when a person wants to sign in', async () => {
    const left = tab.leaves()
    open().signIn({ scopes: ['ModelsRead'] })
    expect(new URL(await left).searchParams.get('scope')).toBe(String(1 + 4 + 65_536))
  })

  it('tells nobody who stopped listening before it was loaded', async () => {
    const heard = vi.fn<() => void>()
    const store = open()
    store.subscribe(heard)()
    await changed(store, 'signed-out')
    expect(heard).not.toHaveBeenCalled()
  })

  it('tries again where its protocol could not be loaded', async () => {
    let online = false
    vi.doMock('../../src/browser/public-store.ts', async (original) => {
      if (online) return original()
      throw new TypeError('Failed to fetch dynamically imported module')
    })
    const store = open()
    await expect(store.reload()).rejects.toThrow()
    expect(store.get()).toEqual({ status: 'unknown' })
    online = true
    vi.doUnmock('../../src/browser/public-store.ts')
    await changed(store, 'signed-out')
    expect(store.get()).toEqual({ status: 'signed-out' })
  })
})
