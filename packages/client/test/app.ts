/** An app under test: our handler over the fake server, with a clock that stands still until told. */
import type { CivitaiAuth } from '../src/auth.ts'
import { createAuth } from '../src/auth.ts'
import type { AuthEvent } from '../src/event.ts'
import type { Options } from '../src/options.ts'
import type { Session } from '../src/session.ts'
import { Browser } from './browser.ts'
import { FakeServer, apiOrigin, clientId, clientSecret, issuer } from './fake-server.ts'

export const sessionSecret = 'a session secret of thirty-two bytes or more'

export class App {
  readonly server: FakeServer
  readonly events: AuthEvent[] = []
  readonly auth: CivitaiAuth
  readonly browser: Browser
  /** What pages answer with. */
  page: (session: Session) => Response | Promise<Response> = ({ status }) => new Response(status)
  clock: { now: number }
  /** False: whoever waits for something with a limit has waited as long already. */
  patient = true

  constructor(
    options: Partial<Options> = {},
    shared: { readonly server?: FakeServer; readonly clock?: { now: number } } = {},
  ) {
    this.server = shared.server ?? new FakeServer()
    this.clock = shared.clock ?? { now: 1_700_000_000_000 }
    this.auth = createAuth(
      {
        clientId,
        clientSecret,
        sessionSecret,
        issuer,
        apiOrigin,
        origin: 'https://app.test',
        scopes: ['UserRead', 'BuzzRead'],
        onEvent: (event) => this.events.push(event),
        env: {},
        ...options,
      },
      {
        fetch: this.server.fetch,
        now: () => this.clock.now,
        random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
        sleep: () => (this.patient ? new Promise(() => {}) : Promise.resolve()),
      },
    )
    this.browser = new Browser(options.origin ?? 'https://app.test', this.handle)
  }

  readonly handle = (request: Request): Promise<Response> => this.auth.handle(request, (session) => this.page(session))

  /** Time passes. */
  later(ms: number): void {
    this.clock.now += ms
  }

  /** A person signs in, approving at once; the answer to the callback. */
  async signIn(
    path = '/oauth/sign-in',
    browser = this.browser,
    answer: Parameters<FakeServer['approve']>[1] = {},
  ): Promise<Response> {
    const leaving = await browser.visit(path)
    return browser.visit(this.server.approve(leaving.headers.get('location') as string, answer))
  }

  async session(browser = this.browser): Promise<Record<string, unknown>> {
    return (await browser.ask('/oauth/session')).json() as Promise<Record<string, unknown>>
  }
}
