// @vitest-environment happy-dom
import { type ReactNode, StrictMode, act } from 'react'
import { type Root, createRoot, hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type CivitaiAuth, CivitaiAuthProvider, useCivitaiAuth } from '../src/index.ts'
import { ada, startServer } from './server.ts'

let root: Root | undefined
/** What the hook answered, render by render. */
let seen: CivitaiAuth[]
/** What React had to say about hydration. */
let complaints: unknown[]

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  document.body.innerHTML = '<div id="root"></div>'
  seen = []
  complaints = []
})

afterEach(async () => {
  await act(() => root?.unmount())
  vi.unstubAllGlobals()
})

const Status = () => {
  const auth = useCivitaiAuth()
  seen.push(auth)
  return <p>{auth.status === 'signed-in' ? auth.user.username : auth.status}</p>
}

const place = () => document.querySelector('#root') as HTMLElement
const page = (children: ReactNode) => <StrictMode>{children}</StrictMode>

const hydrate = async (app: ReactNode) => {
  place().innerHTML = renderToString(app)
  seen.length = 0
  await act(async () => {
    root = hydrateRoot(place(), app, { onRecoverableError: (error) => complaints.push(error) })
  })
}

const mount = (app: ReactNode) =>
  act(async () => {
    root = createRoot(place())
    root.render(app)
  })

describe('in a browser', () => {
  it('hydrates `unknown` HTML without a mismatch, asks once, and shows who is there', async () => {
    const { asked } = startServer(ada)
    await hydrate(
      page(
        <CivitaiAuthProvider>
          <Status />
        </CivitaiAuthProvider>,
      ),
    )
    expect(seen[0]?.status).toBe('unknown')
    expect(place().textContent).toBe('ada')
    expect([asked, complaints]).toEqual([['GET /oauth/session'], []])
  })

  it('hydrates what the server rendered without a mismatch, and asks nobody', async () => {
    const { asked } = startServer({ status: 'signed-out' })
    await hydrate(
      page(
        <CivitaiAuthProvider initialSession={ada}>
          <Status />
        </CivitaiAuthProvider>,
      ),
    )
    expect([place().textContent, asked, complaints]).toEqual(['ada', [], []])
  })

  it('answers the same object until the session changes', async () => {
    startServer()
    const app = () => (
      <CivitaiAuthProvider initialSession={ada}>
        <Status />
      </CivitaiAuthProvider>
    )
    await mount(app())
    await act(async () => root?.render(app()))
    expect(new Set(seen).size).toBe(1)
    await act(() => seen[0]?.fetch('/oauth/session'))
    expect(new Set(seen).size).toBe(1)
  })

  it('asks at the address the server has', async () => {
    const { asked } = startServer()
    await mount(
      <CivitaiAuthProvider basePath="/auth/civitai">
        <Status />
      </CivitaiAuthProvider>,
    )
    expect(asked).toEqual(['GET /auth/civitai/session'])
  })

  it('leaves to sign in, and comes back to the page', async () => {
    startServer()
    const assign = vi.spyOn(location, 'assign').mockImplementation(() => {})
    await mount(
      <CivitaiAuthProvider>
        <Status />
      </CivitaiAuthProvider>,
    )
    seen.at(-1)?.signIn({ returnTo: '/gallery', scopes: ['BuzzRead'] })
    expect(assign).toHaveBeenCalledWith('/oauth/sign-in?returnTo=%2Fgallery&scopes=BuzzRead')
    assign.mockRestore()
  })

  it('signs out, shows it at once, and loads the start page anew', async () => {
    const { asked } = startServer()
    const assign = vi.spyOn(location, 'assign').mockImplementation(() => {})
    await mount(
      <CivitaiAuthProvider initialSession={ada}>
        <Status />
      </CivitaiAuthProvider>,
    )
    await act(() => seen.at(-1)?.signOut())
    expect([asked, place().textContent]).toEqual([['POST /oauth/sign-out'], 'signed-out'])
    expect(assign).toHaveBeenCalledWith('/')
    assign.mockRestore()
  })

  it('shows every component the same session', async () => {
    startServer(ada)
    await mount(
      <CivitaiAuthProvider>
        <Status />
        <Status />
      </CivitaiAuthProvider>,
    )
    expect(place().textContent).toBe('adaada')
  })
})
