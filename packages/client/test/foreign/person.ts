/** A person at a server that is not ours: follows it from page to page as a browser does, over HTTP. */
export class Person {
  readonly #cookies = new Map<string, string>()

  /** Follows redirects within the server and answers its pages, until it sends the browser back to the app. */
  async approve(
    address: string,
    app: string,
    answerPage: (page: string, at: string) => RequestInit | undefined,
  ): Promise<string> {
    let [url, init]: [string, RequestInit] = [address, {}]
    for (let steps = 0; steps < 20; steps++) {
      if (url.startsWith(app)) return url
      const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await fetch(url, {
        ...init,
        redirect: 'manual',
        headers: { accept: 'text/html', ...init.headers, cookie },
      })
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (value === '') this.#cookies.delete(name)
        else this.#cookies.set(name, value)
      }
      const page = await answer.text()
      const location = answer.headers.get('location')
      if (location !== null) {
        ;[url, init] = [new URL(location, url).href, {}]
        continue
      }
      const form = answerPage(page, url)
      if (form === undefined)
        throw new Error(`Nothing to answer on the page at ${url}: ${answer.status} ${page.slice(0, 300)}`)
      const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&')
      ;[url, init] = [new URL(action ?? url, url).href, form]
    }
    throw new Error('The server sends the browser round and round.')
  }
}
