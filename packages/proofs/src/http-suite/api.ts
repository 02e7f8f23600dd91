/** The API in front of the provider's, with the addresses that lead away, and a stranger who writes down what reaches him. */
import { type RequestListener, type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Api {
  readonly origin: string
  /** Another origin altogether. */
  readonly stranger: string
  /** The `authorization` header of every call that reached the stranger, or null. */
  readonly reached: readonly (string | null)[]
  close(): Promise<void>
}

const listen = async (listener: RequestListener): Promise<Server> => {
  const server = createServer(listener)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return server
}

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

export const startApi = async (provider: string): Promise<Api> => {
  const reached: (string | null)[] = []
  const stranger = await listen((request, response) => {
    reached.push(request.headers.authorization ?? null)
    response.end('a stranger')
  })
  const api = await listen((request, response) => {
    if (request.url === '/away') return response.writeHead(307, { location: `${originOf(stranger)}/away` }).end()
    const { authorization = '' } = request.headers
    void fetch(new URL(request.url ?? '/', provider), { headers: { authorization } })
      .then(async (answer) =>
        response
          .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
          .end(await answer.text()),
      )
      .catch(() => response.writeHead(502).end())
    return undefined
  })
  const servers = [api, stranger]
  return {
    origin: originOf(api),
    stranger: originOf(stranger),
    reached,
    close: async () => {
      await Promise.all(
        servers.map((server) => {
          server.closeAllConnections()
          return new Promise<void>((done) => void server.close(() => done()))
        }),
      )
    },
  }
}
