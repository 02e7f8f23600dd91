// @vitest-environment happy-dom
import { type ReactElement, type ReactNode, StrictMode, act } from 'react'
import { type Root, createRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BrowserSession } from '@civitai-oauth/client/browser'
import { CivitaiPermissions, CivitaiSignIn, CivitaiSignOut } from '../src/components/index.ts'
import { CivitaiAuthProvider } from '../src/index.ts'
import { ada, startServer } from './server.ts'

let root: Root | undefined

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  document.body.innerHTML = '<div id="root"></div>'
})

afterEach(async () => {
  await act(() => root?.unmount())
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const signedOut: BrowserSession = { status: 'signed-out' }
const expired: BrowserSession = {
  status: 'expired',
  user: ada.status === 'signed-in' ? ada.user : { id: '', username: '' },
}

const html = (session: BrowserSession | undefined, children: ReactElement) =>
  renderToString(<CivitaiAuthProvider {...(session && { initialSession: session })}>{children}</CivitaiAuthProvider>)

const mount = (session: BrowserSession, children: ReactNode) =>
  act(async () => {
    root = createRoot(document.querySelector('#root') as Element)
    root.render(
      <StrictMode>
        <CivitaiAuthProvider initialSession={session}>{children}</CivitaiAuthProvider>
      </StrictMode>,
    )
  })

const one = (selector: string) => document.querySelector(selector) as HTMLElement
const press = (element: HTMLElement, init: MouseEventInit = {}) =>
  act(async () => void element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ...init })))
/** Links stay where they are: the test is no browser that leaves. */
const stay = () => document.addEventListener('click', (event) => event.preventDefault(), { once: true })

describe('CivitaiSignIn in HTML', () => {
  it.each([
    ['unknown', undefined, 'Sign in with Civitai'],
    ['signed-out', signedOut, 'Sign in with Civitai'],
    ['expired', expired, 'Sign in again'],
  ])('is a link that works without JavaScript: %s', (state, session, words) => {
    const text = html(session, <CivitaiSignIn returnTo="/spend?n=1" className="button" />)
    expect(text).toContain(`data-state="${state}"`)
    expect(text).toContain('href="/oauth/sign-in?returnTo=%2Fspend%3Fn%3D1"')
    expect(text).toContain('class="button"')
    expect(text).toContain(`>${words}<`)
  })

  it('leads nowhere for whoever is signed in, and says who it is', () => {
    const text = html(ada, <CivitaiSignIn />)
    expect(text).toContain('>Signed in as ada<')
    expect(text).not.toContain('href')
  })

  it('asks whoever is signed in for the permission that is missing', () => {
    const text = html(ada, <CivitaiSignIn scopes={['UserRead', 'BuzzRead']} />)
    expect(text).toContain('data-state="missing"')
    expect(text).toContain('href="/oauth/sign-in?scopes=UserRead+BuzzRead"')
  })

  it('shows a name that is markup as text', () => {
    const eve: BrowserSession = {
      ...ada,
      user: { id: '1', username: '</a><script>alert(1)</script>' },
    } as BrowserSession
    expect(html(eve, <CivitaiSignIn />)).not.toContain('<script>')
  })
})

describe('CivitaiSignIn in a browser', () => {
  it('says that it is on its way, comes back to this page, and keeps the focus', async () => {
    await mount(signedOut, <CivitaiSignIn>{(state) => state}</CivitaiSignIn>)
    history.replaceState(null, '', '/gallery?page=2')
    const link = one('a')
    link.focus()
    stay()
    await press(link)
    expect([link.textContent, link.getAttribute('aria-busy')]).toEqual(['signing-in', 'true'])
    expect(link.getAttribute('href')).toBe('/oauth/sign-in?returnTo=%2Fgallery%3Fpage%3D2')
    expect([document.activeElement, one('a')]).toEqual([link, link])
    expect(link.parentElement?.getAttribute('aria-live')).toBe('polite')
  })

  it('is itself again when the page comes back from the cache of the browser', async () => {
    await mount(signedOut, <CivitaiSignIn />)
    stay()
    await press(one('a'))
    await act(async () => void dispatchEvent(new Event('pageshow')))
    expect(one('a').dataset['state']).toBe('signed-out')
  })

  it('is not on its way where a person opens another tab', async () => {
    await mount(signedOut, <CivitaiSignIn />)
    stay()
    await press(one('a'), { ctrlKey: true })
    expect(one('a').dataset['state']).toBe('signed-out')
  })

  it('leaves the press to an app that takes it', async () => {
    await mount(signedOut, <CivitaiSignIn onClick={(event) => event.preventDefault()} />)
    await press(one('a'))
    expect(one('a').dataset['state']).toBe('signed-out')
  })
})

describe('CivitaiSignOut', () => {
  it('is a form that works without JavaScript', () => {
    const text = html(ada, <CivitaiSignOut returnTo="/bye" />)
    expect(text).toContain('<form action="/oauth/sign-out" method="post">')
    expect(text).toContain('name="returnTo" value="/bye"')
    expect(text).toContain('>Sign out<')
  })

  it.each([undefined, signedOut])('is not there for %o', (session) => {
    expect(html(session, <CivitaiSignOut />)).toBe('')
  })

  it('is there for an expired session, which somebody may want to end', () => {
    expect(html(expired, <CivitaiSignOut />)).toContain('Sign out')
  })

  it('signs out once, says so meanwhile, and goes where it was told to', async () => {
    const { asked } = startServer(ada)
    const assign = vi.spyOn(location, 'assign').mockImplementation(() => {})
    await mount(ada, <CivitaiSignOut returnTo="/bye" />)
    const submit = () => one('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
    await act(async () => {
      submit()
      submit()
    })
    expect([asked, assign.mock.calls]).toEqual([['POST /oauth/sign-out'], [['/bye']]])
    expect(document.querySelector('form')).toBeNull()
  })

  it('leaves it to the browser where that fails', async () => {
    vi.stubGlobal('fetch', async () => new Response(null, { status: 500 }))
    await mount(ada, <CivitaiSignOut />)
    const form = one('form') as HTMLFormElement
    const submit = vi.spyOn(form, 'submit').mockImplementation(() => {})
    await act(async () => void form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })))
    expect(submit).toHaveBeenCalledOnce()
  })
})

describe('CivitaiPermissions', () => {
  it('lists what the session holds in the words of the consent page, and asks for what is missing', () => {
    const text = html(ada, <CivitaiPermissions required={['AIServicesWrite']} />)
    expect(text).toContain('Read profile, settings &amp; email')
    expect(text).toMatch(
      /data-state="missing" data-scope="AIServicesWrite">Generate, train &amp; scan[^]*not allowed yet/,
    )
    expect(text).toContain('href="/oauth/sign-in?scopes=AIServicesWrite"')
    expect(text).toContain('>Allow what is missing<')
  })

  it('asks for nothing where nothing is missing', () => {
    expect(html(ada, <CivitaiPermissions required={['UserRead']} />)).not.toContain('<a')
  })

  it('shows each as the app likes', () => {
    const text = html(ada, <CivitaiPermissions>{({ scope, state }) => `${scope}: ${state}`}</CivitaiPermissions>)
    expect(text).toContain('>UserRead: granted</li>')
  })

  it.each([undefined, signedOut, expired])('is not there for %o', (session) => {
    expect(html(session, <CivitaiPermissions required={['UserRead']} />)).toBe('')
  })
})

describe('without a server', () => {
  it('signing in is a button, for there is no address to lead to', () => {
    const text = renderToString(
      <CivitaiAuthProvider spa={{ clientId: 'an-app' }}>
        <CivitaiSignIn />
      </CivitaiAuthProvider>,
    )
    expect(text).toContain('<button type="button" data-state="unknown">')
  })
})
