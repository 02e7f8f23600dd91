/** A Nuxt server under test, listening on a free port, and a browser that keeps its cookies. */
import { randomBytes } from 'node:crypto'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestServer } from '@civitai-oauth/testing'
import { type EventHandler, toNodeListener } from 'h3'
import { vi } from 'vitest'
import type { NitroSetup } from './nitro.ts'

export interface TestNuxt {
  readonly origin: string
  readonly clientId: string
  /** As a browser goes to a page: cookies kept, redirects not followed. */
  visit(path: string, init?: RequestInit): Promise<Response>
  /** As a script of the page asks. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** Ben signs in. */
  signIn(path?: string): Promise<Response>
  close(): Promise<void>
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

type Routes = Readonly<Record<string, EventHandler>>

/** Routes that read our own run time are loaded with it: give a function then. */
export const startNuxt = async (
  server: TestServer,
  given: Routes | (() => Promise<Routes>),
  { rules = {}, own = () => {}, ownMiddleware = [] }: Partial<Pick<NitroSetup, 'rules' | 'own' | 'ownMiddleware'>> = {},
): Promise<TestNuxt> => {
  // Each app is a process of its own: our runtime keeps one handler.
  vi.resetModules()
  const http = createServer()
  const port = await listening(http)
  const origin = `http://localhost:${port}`
  const { clientId, clientSecret } = await server.registerApp({ redirectUris: [`${origin}/oauth/callback`] })
  const { startNitro } = await import('./nitro.ts')
  const app = await startNitro({
    config: {
      civitaiAuth: {
        clientId,
        clientSecret,
        sessionSecret: randomBytes(32).toString('base64url'),
        issuer: server.issuer,
        apiOrigin: server.issuer,
        origin: '',
        scopes: ['UserRead', 'BuzzRead'],
      },
    },
    rules,
    own,
    ownMiddleware,
    plugin: async () => (await import('../src/runtime/server/plugin.ts')).default as never,
    middleware: async () => (await import('../src/runtime/server/middleware.ts')).default,
    routes: typeof given === 'function' ? await given() : given,
  })
  http.on('request', toNodeListener(app))

  const jar = new Map<string, string>()
  const send = async (path: string, headers: HeadersInit, init: RequestInit = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(new URL(path, origin), {
      redirect: 'manual',
      ...init,
      headers: {
        ...Object.fromEntries(new Headers(headers)),
        cookie,
        ...Object.fromEntries(new Headers(init.headers)),
      },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (line.includes('Max-Age=0')) jar.delete(name)
      else jar.set(name, value)
    }
    return answer
  }
  const visit = (path: string, init?: RequestInit) =>
    send(path, { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'same-origin', origin }, init)
  return {
    origin,
    clientId,
    visit,
    ask: (path, init) => send(path, { accept: 'application/json', 'sec-fetch-dest': 'empty' }, init),
    signIn: async (path = '/oauth/sign-in') => {
      const leaving = await visit(path)
      return visit(await server.approve(leaving.headers.get('location') ?? '', { remember: true }))
    },
    close: () => new Promise((resolve) => http.close(() => resolve())),
  }
}
