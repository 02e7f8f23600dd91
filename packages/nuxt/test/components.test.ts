// @vitest-environment happy-dom
import type { BrowserSession } from '@civitai-oauth/client/browser'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Component, createSSRApp, h, nextTick } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { CivitaiPermissions, CivitaiSignIn, CivitaiSignOut } from '../src/components/index.ts'
import { civitaiAuth } from '../src/vue.ts'

const user = { id: '1', username: 'ada' }
const ada: BrowserSession = { status: 'signed-in', user, scopes: ['UserRead'], expiresAt: 0 }
const signedOut: BrowserSession = { status: 'signed-out' }
const expired: BrowserSession = { status: 'expired', user }

type Slot = (given: { readonly state: string }) => string

const appWith = (session: BrowserSession | undefined, component: Component, props: object, slot?: Slot) =>
  createSSRApp(() => h(component, props, slot && { default: slot })).use(civitaiAuth({ initial: session }))

const html = async (session: BrowserSession | undefined, component: Component, props: object = {}) => {
  vi.stubGlobal('window', undefined)
  const text = await renderToString(appWith(session, component, props))
  vi.unstubAllGlobals()
  return text.replaceAll(/<!--.*?-->/g, '')
}

let unmount = () => {}
const mount = (session: BrowserSession, component: Component, props: object = {}, slot?: Slot) => {
  document.body.innerHTML = '<div id="app"></div>'
  const app = appWith(session, component, props, slot)
  app.config.warnHandler = () => {}
  app.mount('#app')
  unmount = () => app.unmount()
}
const one = (selector: string) => document.querySelector(selector) as HTMLElement
const press = async (init: MouseEventInit = {}) => {
  document.addEventListener('click', (event) => event.preventDefault(), { once: true })
  one('a').dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ...init }))
  await nextTick()
}

afterEach(() => {
  unmount()
  unmount = () => {}
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('CivitaiSignIn in HTML', () => {
  it.each([
    ['unknown', undefined, 'Sign in with Civitai'],
    ['signed-out', signedOut, 'Sign in with Civitai'],
    ['expired', expired, 'Sign in again'],
  ])('is a link that works without JavaScript: %s', async (state, session, words) => {
    const text = await html(session, CivitaiSignIn, { returnTo: '/spend?n=1', class: 'button' })
    expect(text).toContain(`data-state="${state}"`)
    expect(text).toContain('href="/oauth/sign-in?returnTo=%2Fspend%3Fn%3D1"')
    expect(text).toContain('rel="external nofollow"')
    expect(text).toContain('class="button"')
    expect(text).toContain(`>${words}<`)
  })

  it('leads nowhere for whoever is signed in, and says who it is', async () => {
    const text = await html(ada, CivitaiSignIn)
    expect(text).toContain('>Signed in as ada<')
    expect(text).not.toContain('href')
  })

  it('asks whoever is signed in for the permission that is missing', async () => {
    const text = await html(ada, CivitaiSignIn, { scopes: ['BuzzRead'] })
    expect(text).toContain('data-state="missing"')
    expect(text).toContain('href="/oauth/sign-in?scopes=BuzzRead"')
  })

  it('shows a name that is markup as text', async () => {
    const eve = { ...ada, user: { id: '1', username: '</a><script>alert(1)</script>' } }
    expect(await html(eve, CivitaiSignIn)).not.toContain('<script>')
  })
})

describe('CivitaiSignIn in a browser', () => {
  it('says that it is on its way, comes back to this page, and keeps the focus', async () => {
    history.replaceState(null, '', '/gallery?page=2')
    mount(signedOut, CivitaiSignIn, {}, ({ state }) => state)
    const link = one('a')
    link.focus()
    await press()
    expect([link.textContent, link.getAttribute('aria-busy')]).toEqual(['signing-in', 'true'])
    expect(link.getAttribute('href')).toBe('/oauth/sign-in?returnTo=%2Fgallery%3Fpage%3D2')
    expect([document.activeElement, one('a')]).toEqual([link, link])
  })

  it('is itself again when the page comes back from the cache of the browser', async () => {
    mount(signedOut, CivitaiSignIn)
    await press()
    dispatchEvent(new Event('pageshow'))
    await nextTick()
    expect(one('a').dataset['state']).toBe('signed-out')
  })

  it('is not on its way where a person opens another tab, or the app takes the press', async () => {
    mount(signedOut, CivitaiSignIn)
    await press({ metaKey: true })
    expect(one('a').dataset['state']).toBe('signed-out')
    unmount()
    mount(signedOut, CivitaiSignIn, { onClick: (event: Event) => event.preventDefault() })
    await press()
    expect(one('a').dataset['state']).toBe('signed-out')
  })
})

describe('CivitaiSignOut', () => {
  it('is a form that works without JavaScript', async () => {
    const text = await html(ada, CivitaiSignOut, { returnTo: '/bye' })
    expect(text).toContain('<form method="post" action="/oauth/sign-out">')
    expect(text).toContain('name="returnTo" value="/bye"')
    expect(text).toContain('>Sign out<')
  })

  it.each([undefined, signedOut])('is not there for %o', async (session) => {
    expect(await html(session, CivitaiSignOut)).toBe('')
  })

  it('is there for an expired session, which somebody may want to end', async () => {
    expect(await html(expired, CivitaiSignOut)).toContain('Sign out')
  })

  const submit = () => one('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))

  it('signs out once, and goes where it was told to', async () => {
    const asked: string[] = []
    vi.stubGlobal('fetch', async (path: string, { method = 'GET' }: RequestInit) => {
      if (method === 'POST') asked.push(path)
      return Response.json(signedOut)
    })
    const assign = vi.spyOn(location, 'assign').mockImplementation(() => {})
    mount(ada, CivitaiSignOut, { returnTo: '/bye' })
    submit()
    submit()
    await vi.waitUntil(() => assign.mock.calls.length > 0)
    expect([asked, assign.mock.calls]).toEqual([['/oauth/sign-out'], [['/bye']]])
  })

  it('leaves it to the browser where that fails', async () => {
    vi.stubGlobal('fetch', async () => new Response(null, { status: 500 }))
    mount(ada, CivitaiSignOut)
    const natively = vi.spyOn(one('form') as HTMLFormElement, 'submit').mockImplementation(() => {})
    submit()
    await vi.waitUntil(() => natively.mock.calls.length > 0)
    expect(natively).toHaveBeenCalledOnce()
  })
})

describe('CivitaiPermissions', () => {
  it('lists what the session holds in the words of the consent page, and asks for what is missing', async () => {
    const text = await html(ada, CivitaiPermissions, { required: ['AIServicesWrite'] })
    expect(text).toContain('Read profile, settings &amp; email')
    expect(text).toMatch(
      /data-state="missing" data-scope="AIServicesWrite">Generate, train &amp; scan[^]*not allowed yet/,
    )
    expect(text).toContain('href="/oauth/sign-in?scopes=AIServicesWrite"')
    expect(text).toContain('>Allow what is missing<')
  })

  it('asks for nothing where nothing is missing', async () => {
    expect(await html(ada, CivitaiPermissions, { required: ['UserRead'] })).not.toContain('<a')
  })

  it.each([undefined, signedOut, expired])('is not there for %o', async (session) => {
    expect(await html(session, CivitaiPermissions, { required: ['UserRead'] })).toBe('')
  })
})
