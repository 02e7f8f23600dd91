/** A browser as far as an app's server can tell: a cookie jar, navigation headers, and redirects followed by hand. */
export class Browser {
  readonly jar = new Map<string, string>()
  readonly origin: string
  readonly #handle: (request: Request) => Promise<Response>
  constructor(origin: string, handle: (request: Request) => Promise<Response>) {
    this.origin = origin
    this.#handle = handle
  }

  /** The `Cookie` header it would send. */
  cookie(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** Keeps what an answer sets. */
  keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ')
      const name = pair.slice(0, pair.indexOf('='))
      if (attributes.includes('Max-Age=0')) this.jar.delete(name)
      else this.jar.set(name, pair.slice(pair.indexOf('=') + 1))
    }
  }

  request(path: string, init: RequestInit = {}): Request {
    const headers = new Headers(init.headers)
    if (this.jar.size > 0 && !headers.has('cookie')) headers.set('cookie', this.cookie())
    return new Request(new URL(path, this.origin), { ...init, headers })
  }

  async send(request: Request): Promise<Response> {
    const response = await this.#handle(request)
    this.keep(response)
    return response
  }

  /** A person goes to an address. */
  visit(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.send(
      this.request(path, {
        headers: {
          accept: 'text/html',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
          'sec-fetch-site': 'none',
          ...headers,
        },
      }),
    )
  }

  /** A page of the app's own asks for something. */
  ask(path: string, init: RequestInit = {}): Promise<Response> {
    return this.send(
      this.request(path, {
        ...init,
        headers: {
          accept: 'application/json',
          'sec-fetch-mode': 'cors',
          'sec-fetch-dest': 'empty',
          'sec-fetch-site': 'same-origin',
          ...(init.headers as Record<string, string>),
        },
      }),
    )
  }

  /** A form of the app's own is sent. */
  submit(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.send(
      this.request(path, {
        method: 'POST',
        headers: {
          accept: 'text/html',
          origin: this.origin,
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
      }),
    )
  }
}
