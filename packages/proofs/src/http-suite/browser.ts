/** A browser as far as a server can tell, over HTTP: a cookie jar, navigation headers, redirects followed by hand. */

const navigation = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
const script = { accept: 'application/json', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }

export class Browser {
  readonly jar = new Map<string, string>()
  readonly origin: string
  constructor(origin: string, jar: Iterable<readonly [string, string]> = []) {
    this.origin = origin
    for (const [name, value] of jar) this.jar.set(name, value)
  }

  /** The same browser at this moment: what its jar holds from now on is its own. */
  copy(): Browser {
    return new Browser(this.origin, this.jar)
  }

  keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = ''] = line.split(';')
      const equals = pair.indexOf('=')
      if (/;\s*max-age=0\b/i.test(line)) this.jar.delete(pair.slice(0, equals))
      else this.jar.set(pair.slice(0, equals), pair.slice(equals + 1))
    }
  }

  async send(address: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    if (this.jar.size > 0) headers.set('cookie', [...this.jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const answer = await fetch(new URL(address, this.origin), { ...init, headers, redirect: 'manual' })
    this.keep(answer.headers.getSetCookie())
    return answer
  }

  /** A person goes to an address. */
  visit(address: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.send(address, { headers: { ...navigation, 'sec-fetch-site': 'none', ...headers } })
  }

  /** A script of the app's own pages asks. */
  ask(address: string, init: RequestInit = {}): Promise<Response> {
    return this.send(address, { ...init, headers: { ...script, 'sec-fetch-site': 'same-origin' } })
  }

  /** A form is sent: of the app's own pages, unless told. */
  submit(address: string, headers: Readonly<Record<string, string>> = {}, form = ''): Promise<Response> {
    return this.send(address, {
      method: 'POST',
      body: form,
      headers: {
        ...navigation,
        'content-type': 'application/x-www-form-urlencoded',
        origin: this.origin,
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
    })
  }
}
