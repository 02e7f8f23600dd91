/** For a bare `node:http` server: a listener that hands requests straight to the provider. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { bodyLimit, BodyTooLarge, type Incoming, type Outgoing } from './http/exchange.ts'
import type { Provider } from './provider.ts'

export { CannotListen, listen, type Listening, listenLocally } from './listen.ts'

export interface ListenerOptions {
  /**
   * The caller's address behind a proxy, e.g. `(request) => request.headers['x-real-ip']`. Without it the connection's own
   * address counts, and no header changes anything.
   */
  readonly addressOf?: (request: IncomingMessage) => string | undefined
}

/** One chunk is kept as it came; more are joined. Reading stops at the limit. */
const readText = (request: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    let first: Buffer | undefined
    let rest: Buffer[] | undefined
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > bodyLimit) {
        reject(new BodyTooLarge())
        request.pause()
      } else if (first === undefined) first = chunk
      else (rest ??= [first]).push(chunk)
    })
    request.on('end', () => resolve((rest ? Buffer.concat(rest) : first)?.toString('utf8') ?? ''))
    request.on('error', reject)
  })

const incomingOf = (request: IncomingMessage, address: string): Incoming => ({
  method: request.method as string,
  target: request.url as string,
  address,
  header: (name) => {
    const value = request.headers[name]
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
  },
  text: () =>
    Number(request.headers['content-length'] ?? 0) > bodyLimit ? Promise.reject(new BodyTooLarge()) : readText(request),
})

const send = (request: IncomingMessage, response: ServerResponse, { status, headers, body }: Outgoing): void => {
  const length = Buffer.byteLength(body)
  const all = [...headers, 'content-length', String(length)]
  // What was not read cannot be skipped over to reach a next request on this connection.
  if (!request.complete) all.push('connection', 'close')
  response.writeHead(status, all)
  // The same bytes where all is ASCII, and a tenth less work for the server.
  if (request.method === 'HEAD') response.end()
  else response.end(body, length === body.length ? 'latin1' : 'utf8')
}

/** `createServer(nodeListener(provider))`. What the provider does not own it answers with 404. */
export const nodeListener =
  (
    provider: Pick<Provider, 'handle'>,
    { addressOf }: ListenerOptions = {},
  ): ((request: IncomingMessage, response: ServerResponse) => void) =>
  (request, response) => {
    const address = addressOf?.(request) ?? request.socket.remoteAddress ?? ''
    // An answer that cannot be written ends its connection, and never the process.
    provider
      .handle(incomingOf(request, address))
      .then((outgoing) => send(request, response, outgoing))
      .catch(() => response.destroy())
  }
