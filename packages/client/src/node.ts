/** For a bare `node:http` server: a listener around anything that answers a `Request` with a `Response`. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeStream } from 'node:stream/web'

/** A name and a port: nothing that would make a path, a query or a user of what follows it. */
const isHost = (host: string) => /^[\w.:[\]-]+$/.test(host)

/** What the address bar showed, as far as it can be told. A target is a path, whatever a stranger writes there. */
const urlOf = ({ headers, socket, url = '/' }: IncomingMessage): string => {
  const scheme = 'encrypted' in socket && socket.encrypted === true ? 'https' : 'http'
  const path = url.startsWith('/') ? url : '/'
  const { host = '' } = headers
  const address = `${scheme}://${host}${path}`
  return isHost(host) && URL.canParse(address) ? address : `${scheme}://unknown.invalid${path}`
}

const requestOf = (incoming: IncomingMessage): Request => {
  const { method = 'GET', rawHeaders } = incoming
  const headers = new Headers()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] as string, rawHeaders[at + 1] as string)
  if (method === 'GET' || method === 'HEAD') return new Request(urlOf(incoming), { method, headers })
  const body = Readable.toWeb(incoming) as ReadableStream
  return new Request(urlOf(incoming), { method, headers, body, duplex: 'half' } as RequestInit)
}

/** Methods that no `Request` can have (Fetch, forbidden methods). */
const notRequests: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])
const notAllowed = () => new Response(null, { status: 405, headers: { allow: 'GET, HEAD, POST' } })

const send = async (incoming: IncomingMessage, outgoing: ServerResponse, answer: Response): Promise<void> => {
  const headers = [...answer.headers].flat()
  // What nobody has read cannot be skipped over to reach a next request on this connection.
  if (!incoming.complete) headers.push('connection', 'close')
  outgoing.writeHead(answer.status, headers)
  if (answer.body === null || incoming.method === 'HEAD') {
    await answer.body?.cancel()
    outgoing.end()
    return
  }
  await pipeline(Readable.fromWeb(answer.body as NodeStream), outgoing)
}

const answered = async (
  handle: (request: Request) => Response | Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> => {
  try {
    const answer = notRequests.has(incoming.method ?? '') ? notAllowed() : await handle(requestOf(incoming))
    await send(incoming, outgoing, answer)
  } catch (error) {
    // Somebody who went away while the answer was sent is nobody's fault.
    if (outgoing.destroyed) return
    console.error(error)
    if (outgoing.headersSent) outgoing.destroy()
    else outgoing.writeHead(500, { 'content-type': 'text/plain' }).end('Something went wrong on our side.')
  }
}

/**
 * `createServer(nodeListener((request) => auth.handle(request, page)))`. What `handle` throws is logged and answered
 * with 500; the server goes on.
 */
export const nodeListener =
  (handle: (request: Request) => Response | Promise<Response>): RequestListener =>
  (incoming, outgoing) =>
    void answered(handle, incoming, outgoing)
