/** Where there is no browser: what a server renders. */
import { renderToString } from 'react-dom/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CivitaiAuthProvider, useCivitaiAuth } from '../src/index.ts'
import { ada, startServer } from './server.ts'

const Status = () => {
  const auth = useCivitaiAuth()
  return <p>{auth.status === 'signed-in' ? auth.user.username : auth.status}</p>
}

afterEach(() => vi.unstubAllGlobals())

describe('what a server renders', () => {
  it('is `unknown` where nobody said who is there, and nobody is asked', () => {
    const { asked } = startServer()
    const html = renderToString(
      <CivitaiAuthProvider>
        <Status />
      </CivitaiAuthProvider>,
    )
    expect([html, asked]).toEqual(['<p>unknown</p>', []])
  })

  it('shows the person of its own request, and no other', () => {
    const page = (session: typeof ada) =>
      renderToString(
        <CivitaiAuthProvider initialSession={session}>
          <Status />
        </CivitaiAuthProvider>,
      )
    expect([page(ada), page({ status: 'signed-out' })]).toEqual(['<p>ada</p>', '<p>signed-out</p>'])
  })

  it('is `unknown` for an app without a server, whose tokens are in the browser', () => {
    const html = renderToString(
      <CivitaiAuthProvider spa={{ clientId: 'an-app' }}>
        <Status />
      </CivitaiAuthProvider>,
    )
    expect(html).toBe('<p>unknown</p>')
  })

  it('is an error that says what to do where the provider is missing', () => {
    expect(() => renderToString(<Status />)).toThrow('Put <CivitaiAuthProvider> around')
  })
})
