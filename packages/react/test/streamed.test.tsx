/** What a server streams for components that wait for the session. */
import { type ReactNode, Suspense } from 'react'
import { renderToReadableStream } from 'react-dom/server.edge'
import type { BrowserSession } from '@civitai-oauth/client/browser'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CivitaiAuthProvider, useCivitaiAuth, useCivitaiSession } from '../src/index.ts'
import { waiting } from '../src/shared.ts'
import { ada, startServer } from './server.ts'

const Person = () => {
  const session = useCivitaiSession()
  return <p>{session.status === 'signed-in' ? session.user.username : session.status}</p>
}
const Status = () => <i>{useCivitaiAuth().status}</i>

const page = (initialSession?: BrowserSession | Promise<BrowserSession>) => (
  <CivitaiAuthProvider {...(initialSession && { initialSession })}>
    <Status />
    <Suspense fallback={<p>…</p>}>
      <Person />
    </Suspense>
  </CivitaiAuthProvider>
)

const streamed = async (app: ReactNode) => {
  const errors: unknown[] = []
  const stream = await renderToReadableStream(app, { onError: (error: unknown) => void errors.push(error) })
  return { html: await new Response(stream as unknown as ReadableStream).text(), errors }
}

afterEach(() => vi.unstubAllGlobals())

describe('a server that streams', () => {
  it('goes on with the page when a promise says who is there', async () => {
    const { asked } = startServer()
    const { html, errors } = await streamed(page(Promise.resolve(ada)))
    expect([html.includes('<i>unknown</i>'), html.includes('<p>ada</p>'), errors]).toEqual([true, true, []])
    expect(asked).toEqual([])
  })

  it('needs no promise where the session is known', async () => {
    const { html } = await streamed(page(ada))
    expect(html).toContain('<i>signed-in</i><!--$--><p>ada</p>')
  })

  it('shows each request its own person', async () => {
    const slow = new Promise<BrowserSession>((resolve) => setImmediate(() => resolve(ada)))
    const pages = [slow, Promise.resolve<BrowserSession>({ status: 'signed-out' }), slow].map((one) =>
      streamed(page(one)),
    )
    const seen = (await Promise.all(pages)).map(({ html }) => /<p>(ada|signed-out)</.exec(html)?.[1])
    expect(seen).toEqual(['ada', 'signed-out', 'ada'])
  })

  it('keeps people apart even where something made a window on it', async () => {
    vi.stubGlobal('window', globalThis)
    const nobody = Promise.resolve<BrowserSession>({ status: 'signed-out' })
    const below = (initialSession: Promise<BrowserSession>) => (
      <Suspense fallback={<p>…</p>}>
        <CivitaiAuthProvider initialSession={initialSession}>
          <Person />
        </CivitaiAuthProvider>
      </Suspense>
    )
    const seen: boolean[] = []
    for (const session of [Promise.resolve(ada), nobody, Promise.resolve(ada), nobody])
      seen.push((await streamed(below(session))).html.includes('ada'))
    expect([seen, waiting.size]).toEqual([[true, false, true, false], 0])
  })

  it.each([undefined, Promise.resolve<BrowserSession>({ status: 'unknown' })])(
    'leaves it to the browser where nobody said, with an error that says so: %o',
    async (session) => {
      const { html, errors } = await streamed(page(session))
      expect(html).toContain('<p>…</p>')
      expect(errors).toMatchObject([{ digest: 'CIVITAI_SESSION_UNKNOWN' }])
      expect(waiting.size).toBe(0)
    },
  )
})
