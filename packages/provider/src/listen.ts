/** Listening on a port, and stopping without cutting anybody off. */
import { type RequestListener, type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Listening {
  readonly port: number
  /** Stops accepting, lets requests in flight finish for up to `graceMs` (5 s), then cuts what is left. */
  close(graceMs?: number): Promise<void>
}

/** The port cannot be had. `message` is one sentence that says what to do. */
export class CannotListen extends Error {
  readonly _tag = 'CannotListen'
}

/** How long a caller may take to send a request, in milliseconds. Whoever is slower is cut off, with 408. */
export interface Patience {
  readonly headers: number
  readonly request: number
  /** How often is looked. */
  readonly every: number
}

/** Half a megabyte, the most that is read, comes in time over the slowest phone; a thousand who dawdle are soon gone. */
const ours: Patience = { headers: 20_000, request: 60_000, every: 5_000 }

/**
 * How long a connection that nobody uses is kept: longer than proxies keep theirs, mostly a minute. Closed from here
 * first, a request would be lost that the proxy sends at that very moment.
 */
const keepAliveTimeout = 75_000

const bind = (
  listener: RequestListener,
  host: string,
  port: number,
  ipv6Only: boolean,
  { headers, request, every }: Patience = ours,
): Promise<Server> =>
  new Promise((resolve, reject) => {
    const times = {
      headersTimeout: headers,
      requestTimeout: request,
      connectionsCheckingInterval: every,
      keepAliveTimeout,
    }
    const server = createServer(times, listener)
    server.once('error', reject)
    server.listen({ host, port, ipv6Only }, () => {
      server.off('error', reject)
      resolve(server)
    })
  })

const end = (server: Server, graceMs: number): Promise<void> =>
  new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** A machine without IPv6 has no `::1`: then one address is enough. */
const noSuchAddress = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']

const sentences: Readonly<Record<string, (port: number, host: string) => string>> = {
  EADDRINUSE: (port) =>
    `Port ${port} is busy: stop what is listening there, or choose another port (0 takes a free one).`,
  EACCES: (port) => `Port ${port} needs privileges that this user does not have: choose one above 1023.`,
  EADDRNOTAVAIL: (_, host) => `This machine has no address ${host}: choose one that it has.`,
  ENOTFOUND: (_, host) => `There is no address named ${host}: choose one of this machine.`,
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

const closing =
  (servers: readonly Server[]) =>
  async (graceMs = 5_000): Promise<void> => {
    await Promise.all(servers.map((server) => end(server, graceMs)))
  }

const explained = (error: unknown, host: string, port: number): unknown => {
  const sentence = sentences[codeOf(error)]
  return sentence === undefined ? error : new CannotListen(sentence(port, host), { cause: error })
}

/** On one address of this machine. `port` 0 takes a free one. @throws {CannotListen} */
export const listen = async (
  listener: RequestListener,
  port: number,
  host: string,
  patience?: Patience,
): Promise<Listening> => {
  try {
    const server = await bind(listener, host, port, false, patience)
    return { port: portOf(server), close: closing([server]) }
  } catch (error) {
    throw explained(error, host, port)
  }
}

/**
 * On this machine only, on both of its loopback addresses: `localhost` is either, depending on who asks.
 * @throws {CannotListen}
 */
export const listenLocally = async (listener: RequestListener, port: number, attempts = 5): Promise<Listening> => {
  const servers: Server[] = []
  try {
    const first = await bind(listener, '127.0.0.1', port, true)
    servers.push(first)
    await bind(listener, '::1', portOf(first), true).then(
      (second) => servers.push(second),
      (error: unknown) => {
        if (!noSuchAddress.includes(codeOf(error))) throw error
        return 0
      },
    )
    return { port: portOf(first), close: closing(servers) }
  } catch (error) {
    await closing(servers)(0)
    // A free port on one address may be busy on the other: another free one is as good.
    if (port === 0 && codeOf(error) === 'EADDRINUSE' && attempts > 1) return listenLocally(listener, 0, attempts - 1)
    throw explained(error, 'localhost', port)
  }
}
