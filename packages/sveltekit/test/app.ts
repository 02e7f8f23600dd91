/** A SvelteKit server as far as the hook can tell: events with `locals`, a `resolve`, and a person's browser. */
import { type TestApp, type TestServer, startProvider } from '@civitai-oauth/testing'
import { type Hooks, type Session, civitaiAuth } from '../src/index.ts'

export const origin = 'http://localhost:3998'

export interface Event {
  readonly request: Request
  readonly url: URL
  readonly locals: { civitai: Session }
  readonly isDataRequest: boolean
}

export const page = { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' }

export class App {
  readonly server: TestServer
  readonly registration: TestApp
  readonly hooks: Hooks
  readonly jar = new Map<string, string>()
  constructor(server: TestServer, registration: TestApp) {
    this.server = server
    this.registration = registration
    this.hooks = civitaiAuth({
      scopes: ['UserRead', 'BuzzRead'],
      env: { ...registration.env, CIVITAI_ORIGIN: origin, CIVITAI_SESSION_SECRET: 'x'.repeat(32) },
    })
  }

  static async start(): Promise<App> {
    const server = await startProvider()
    return new App(server, await server.registerApp({ redirectUris: [`${origin}/oauth/callback`] }))
  }

  event(path: string, headers: Record<string, string> = page, method = 'GET'): Event {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const url = new URL(path, origin)
    const request = new Request(url, { method, headers: { ...headers, cookie } })
    return { request, url, locals: {} as Event['locals'], isDataRequest: url.pathname.endsWith('__data.json') }
  }

  /** One request through the hook; `resolve` is the app. */
  async visit(
    event: Event,
    resolve: (event: Event) => Response | Promise<Response> = () => new Response(),
  ): Promise<Response> {
    const response = await this.hooks.handle({ event, resolve })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split('; ')
      const equals = pair.indexOf('=')
      if (line.includes('Max-Age=0')) this.jar.delete(pair.slice(0, equals))
      else this.jar.set(pair.slice(0, equals), pair.slice(equals + 1))
    }
    return response
  }

  async signIn(path = '/oauth/sign-in'): Promise<Response> {
    const leaving = await this.visit(this.event(path))
    const back = new URL(await this.server.approve(leaving.headers.get('location') as string))
    return this.visit(this.event(back.pathname + back.search))
  }
}
