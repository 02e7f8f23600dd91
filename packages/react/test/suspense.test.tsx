// @vitest-environment happy-dom
import { type ReactNode, StrictMode, Suspense, act } from 'react'
import { type Root, createRoot, hydrateRoot } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BrowserSession } from '@civitai-oauth/client/browser'
import { CivitaiAuthProvider, useCivitaiSession } from '../src/index.ts'
import { waiting } from '../src/shared.ts'
import { ada, startServer } from './server.ts'

let root: Root | undefined
let complaints: string[]
let seen: string[]

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  document.body.innerHTML = '<div id="root"></div>'
  complaints = []
  seen = []
  vi.spyOn(console, 'error').mockImplementation((...said) => void complaints.push(said.join(' ')))
})

afterEach(async () => {
  await act(() => root?.unmount())
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const Person = () => {
  const session = useCivitaiSession()
  seen.push(session.status)
  return <p>{session.status === 'signed-in' ? session.user.username : session.status}</p>
}
const place = () => document.querySelector('#root') as HTMLElement
const waits = (
  <Suspense fallback={<p>…</p>}>
    <Person />
  </Suspense>
)

const mount = (app: ReactNode) =>
  act(async () => {
    root = createRoot(place())
    root.render(<StrictMode>{app}</StrictMode>)
  })

describe('useCivitaiSession in a browser', () => {
  it('waits until the server was asked, once, and never sees `unknown`', async () => {
    const { asked } = startServer(ada)
    let answer = () => {}
    const held = new Promise<void>((resolve) => (answer = resolve))
    const answering = globalThis.fetch
    vi.stubGlobal('fetch', async (...asking: Parameters<typeof fetch>) => {
      await held
      return answering(...asking)
    })
    await mount(<CivitaiAuthProvider>{waits}</CivitaiAuthProvider>)
    expect(place().textContent).toBe('…')
    await act(async () => answer())
    expect([place().textContent, asked, new Set(seen)]).toEqual(['ada', ['GET /oauth/session'], new Set(['signed-in'])])
    expect(complaints).toEqual([])
  })

  it('asks once, too, where the provider itself is below the Suspense', async () => {
    const { asked } = startServer(ada)
    await mount(
      <Suspense fallback={<p>…</p>}>
        <CivitaiAuthProvider>
          <Person />
        </CivitaiAuthProvider>
      </Suspense>,
    )
    expect([place().textContent, asked, waiting.size]).toEqual(['ada', ['GET /oauth/session'], 0])
  })

  it('waits for a promise, also where the provider itself is below the Suspense', async () => {
    const { asked } = startServer({ status: 'signed-out' })
    const promise = Promise.resolve(ada)
    await mount(
      <Suspense fallback={<p>…</p>}>
        <CivitaiAuthProvider initialSession={promise}>
          <Person />
        </CivitaiAuthProvider>
      </Suspense>,
    )
    expect([place().textContent, asked, waiting.size]).toEqual(['ada', [], 0])
  })

  it('asks where a promise says that it does not know', async () => {
    const { asked } = startServer(ada)
    const promise = Promise.resolve<BrowserSession>({ status: 'unknown' })
    await mount(<CivitaiAuthProvider initialSession={promise}>{waits}</CivitaiAuthProvider>)
    expect([place().textContent, asked]).toEqual(['ada', ['GET /oauth/session']])
  })

  it('waits for nothing where the session is given', async () => {
    const { asked } = startServer()
    await mount(<CivitaiAuthProvider initialSession={ada}>{waits}</CivitaiAuthProvider>)
    expect([place().textContent, asked]).toEqual(['ada', []])
  })

  it('follows the session afterwards', async () => {
    const server = startServer(ada)
    await mount(<CivitaiAuthProvider>{waits}</CivitaiAuthProvider>)
    server.session = { status: 'signed-out' }
    await act(async () => {
      const channel = new BroadcastChannel('civitai-oauth:/oauth')
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches our own origin only
      channel.postMessage('signed-out')
      await vi.waitUntil(() => server.asked.length === 2)
      channel.close()
    })
    expect(place().textContent).toBe('signed-out')
  })
})

describe('HTML that a server streamed', () => {
  it('hydrates without a mismatch, and asks nobody', async () => {
    const { asked } = startServer({ status: 'signed-out' })
    place().innerHTML = '<!--$--><p>ada</p><!--/$-->'
    await act(async () => {
      root = hydrateRoot(
        place(),
        <CivitaiAuthProvider initialSession={Promise.resolve(ada)}>{waits}</CivitaiAuthProvider>,
        { onRecoverableError: (error) => complaints.push(String(error)) },
      )
    })
    expect([place().textContent, complaints, asked]).toEqual(['ada', [], []])
  })
})
