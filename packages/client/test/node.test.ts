import { type Server, createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nodeListener } from '../src/node.ts'

let server: Server
const serve = async (handle: (request: Request) => Response | Promise<Response>): Promise<string> => {
  server = createServer(nodeListener(handle))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
afterEach(() => {
  server.closeAllConnections()
  return new Promise<void>((done) => void server.close(() => done()))
})

/** A request as no browser sends it, and all that comes back. */
const raw = (origin: string, text: string): Promise<string> =>
  new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => socket.end(text))
    socket.setEncoding('utf8').on('data', (part) => (answer += part))
    socket.on('close', () => resolve(answer))
  })

describe('a bare node:http server', () => {
  it('hands on method, path, headers and body, and sends back status, cookies and body', async () => {
    const origin = await serve(async (asked) => {
      const headers = new Headers({ 'x-method': asked.method, 'x-given': asked.headers.get('x-given') ?? '' })
      headers.append('set-cookie', 'a=1')
      headers.append('set-cookie', 'b=2')
      return new Response(`${asked.url} ${await asked.text()}`, { status: 201, headers })
    })
    const answer = await fetch(`${origin}/form?page=2`, {
      method: 'POST',
      body: 'hello',
      headers: { 'x-given': 'yes' },
    })
    expect([answer.status, answer.headers.get('x-method'), answer.headers.get('x-given')]).toEqual([201, 'POST', 'yes'])
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await answer.text()).toBe(`${origin}/form?page=2 hello`)
  })

  it('sends what streams as it comes, and no body to a HEAD', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const body = () =>
      new ReadableStream<Uint8Array>({
        start: async (controller) => {
          controller.enqueue(new TextEncoder().encode('first'))
          await promise
          controller.close()
        },
      })
    const origin = await serve(() => new Response(body()))
    const reader = (await fetch(origin)).body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first')
    resolve()
    expect(await (await fetch(origin, { method: 'HEAD' })).text()).toBe('')
  })

  it('answers what is thrown with 500, says nothing of it, and goes on', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const origin = await serve(({ url }) => {
      if (url.endsWith('/bad')) throw new Error('a secret')
      return new Response('good')
    })
    const bad = await fetch(`${origin}/bad`)
    expect([bad.status, await bad.text()]).toEqual([500, 'Something went wrong on our side.'])
    expect(log).toHaveBeenCalledWith(expect.objectContaining({ message: 'a secret' }))
    expect(await (await fetch(`${origin}/good`)).text()).toBe('good')
  })

  it('H2 takes a target for a path, and a Host that is none for nobody', async () => {
    const seen: string[] = []
    const origin = await serve(({ url }) => {
      seen.push(url)
      return new Response('ok')
    })
    for (const [target, host] of [
      ['//evil.example/a', 'localhost'],
      ['http://evil.example/a', 'localhost'],
      ['/a', 'not a host'],
      ['/a', 'somebody:secret@localhost'],
      ['/a', 'localhost/b?'],
      ['*', 'localhost'],
    ])
      await raw(origin, `OPTIONS ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    expect(seen).toEqual([
      'http://localhost//evil.example/a',
      'http://localhost/',
      'http://unknown.invalid/a',
      'http://unknown.invalid/a',
      'http://unknown.invalid/a',
      'http://localhost/',
    ])
  })

  it('H4 refuses a method that no Request can have', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const origin = await serve(() => new Response('ok'))
    const answer = await raw(origin, 'TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 405/)
    expect(log).not.toHaveBeenCalled()
  })

  it('H5 what nobody read of a body is read as no next request: the connection ends', async () => {
    const origin = await serve(() => new Response('not for you', { status: 403 }))
    const head = 'POST / HTTP/1.1\r\nHost: localhost\r\n'
    const early = await raw(origin, `${head}Content-Length: 5000000\r\n\r\n${'x'.repeat(1_000_000)}`)
    expect(early).toMatch(/^HTTP\/1\.1 403[^]*connection: close\r\n[^]*not for you/i)
  })

  it('says nothing when somebody leaves before the end', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const cancelled = Promise.withResolvers<void>()
    const origin = await serve(
      () =>
        new Response(
          new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(1024)), cancel: () => cancelled.resolve() }),
        ),
    )
    const leaving = request(origin, (answer) => answer.once('data', () => leaving.destroy())).end()
    leaving.on('error', () => undefined)
    await cancelled.promise
    expect(log).not.toHaveBeenCalled()
  })
})
