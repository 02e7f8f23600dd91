import type { Component } from 'svelte'
import { render } from 'svelte/server'
import type { BrowserSession } from '@civitai-oauth/client/browser'
import { beforeEach, describe, expect, it } from 'vitest'
import { CivitaiPermissions, CivitaiSignIn, CivitaiSignOut } from '../../src/components/index.ts'
import Account from '../examples/Account.svelte'
import { page } from './app-state.ts'

const user = { id: '7', username: 'ada' }
const ada: BrowserSession = { status: 'signed-in', user, scopes: ['UserRead'], expiresAt: 0 }
const signedOut: BrowserSession = { status: 'signed-out' }
const expired: BrowserSession = { status: 'expired', user }

const html = (component: Component<never>, props: object = {}) =>
  render(component as Component<object>, { props })
    .body.replaceAll(/<!--.*?-->/g, '')
    .trim()

beforeEach(() => {
  page.url = new URL('http://localhost/spend?n=1')
  page.data = {}
})

describe('CivitaiSignIn in HTML', () => {
  it.each([
    ['unknown', undefined, 'Sign in with Civitai', '%2Fspend'],
    ['signed-out', signedOut, 'Sign in with Civitai', '%2Fspend%3Fn%3D1'],
    ['expired', expired, 'Sign in again', '%2Fspend%3Fn%3D1'],
  ])('is a link that works without JavaScript, and comes back to the page: %s', (state, session, words, back) => {
    const text = html(CivitaiSignIn, { session, class: 'button' })
    expect(text).toContain(`data-state="${state}"`)
    expect(text).toContain(`href="/oauth/sign-in?returnTo=${back}"`)
    expect(text).toContain('class="button"')
    expect(text.replaceAll(/<[^>]*>/g, '').trim()).toBe(words)
  })

  it('is nothing that SvelteKit loads ahead or draws by itself', () => {
    const text = html(CivitaiSignIn)
    expect(text).toContain('data-sveltekit-reload')
    expect(text).toContain('rel="external nofollow"')
  })

  it('knows the session of the page where a layout hands it on', () => {
    page.data = { session: ada }
    expect(html(CivitaiSignIn)).toContain('Signed in as ada')
  })

  it('is not mistaken about a session of another kind', () => {
    page.data = { session: 'my own' }
    expect(html(CivitaiSignIn)).toContain('data-state="unknown"')
  })

  it('stands on a prerendered page, which has no query', () => {
    page.url = Object.defineProperty(new URL('http://localhost/about'), 'search', {
      get: () => {
        throw new Error('Cannot access url.search on a page with prerendering enabled')
      },
    })
    expect(html(CivitaiSignIn)).toContain('href="/oauth/sign-in?returnTo=%2Fabout"')
  })

  it('leads nowhere for whoever is signed in', () => {
    const text = html(CivitaiSignIn, { session: ada })
    expect(text).toContain('Signed in as ada')
    expect(text).not.toContain('href')
  })

  it('asks whoever is signed in for the permission that is missing', () => {
    const text = html(CivitaiSignIn, { session: ada, scopes: ['BuzzRead'], returnTo: '/buzz' })
    expect(text).toContain('data-state="missing"')
    expect(text).toContain('href="/oauth/sign-in?returnTo=%2Fbuzz&amp;scopes=BuzzRead"')
  })

  it('shows a name that is markup as text', () => {
    const eve = { ...ada, user: { id: '1', username: '</a><script>alert(1)</script>' } }
    expect(html(CivitaiSignIn, { session: eve })).not.toContain('<script>')
  })
})

describe('CivitaiSignOut', () => {
  it('is a form that works without JavaScript', () => {
    const text = html(CivitaiSignOut, { session: ada, returnTo: '/bye' })
    expect(text).toContain('<form method="post" action="/oauth/sign-out">')
    expect(text).toContain('name="returnTo" value="/bye"')
    expect(text).toContain('Sign out')
  })

  it.each([undefined, signedOut])('is not there for %o', (session) => {
    expect(html(CivitaiSignOut, { session })).toBe('')
  })

  it('is there for an expired session, which somebody may want to end', () => {
    expect(html(CivitaiSignOut, { session: expired })).toContain('Sign out')
  })
})

describe('CivitaiPermissions', () => {
  it('lists what the session holds in the words of the consent page, and asks for what is missing', () => {
    const text = html(CivitaiPermissions, { session: ada, required: ['AIServicesWrite'] })
    expect(text).toContain('Read profile, settings &amp; email')
    expect(text).toMatch(
      /data-state="missing" data-scope="AIServicesWrite">Generate, train &amp; scan[^]*not allowed yet/,
    )
    expect(text).toContain('scopes=AIServicesWrite"')
    expect(text).toContain('Allow what is missing')
  })

  it('asks for nothing where nothing is missing', () => {
    expect(html(CivitaiPermissions, { session: ada, required: ['UserRead'] })).not.toContain('<a')
  })

  it.each([undefined, signedOut, expired])('is not there for %o', (session) => {
    expect(html(CivitaiPermissions, { session, required: ['UserRead'] })).toBe('')
  })
})

describe('what the README shows', () => {
  it('is drawn for whoever is signed in', () => {
    page.data = { session: ada }
    expect(html(Account)).toMatch(/Signed in as ada[^]*Allow what is missing[^]*Sign out/)
  })
})
