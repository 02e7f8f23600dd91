/** Listening on this machine only, on both of its loopback addresses: `localhost` is either, depending on who asks. */
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

const bind = (listener: RequestListener, host: string, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(listener)
    server.once('error', reject)
    server.listen({ host, port, ipv6Only: true }, () => {
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

const sentences: Readonly<Record<string, (port: number) => string>> = {
  EADDRINUSE: (port) =>
    `Port ${port} is busy: stop what is listening there, or choose another port (0 takes a free one).`,
  EACCES: (port) => `Port ${port} needs privileges that this user does not have: choose one above 1023.`,
}

/** `port` 0 takes a free one. Throws `CannotListen` for a port that cannot be had. */
export const listen = async (listener: RequestListener, port: number, attempts = 5): Promise<Listening> => {
  const servers: Server[] = []
  try {
    const first = await bind(listener, '127.0.0.1', port)
    servers.push(first)
    const taken = (first.address() as AddressInfo).port
    await bind(listener, '::1', taken).then(
      (second) => servers.push(second),
      (error: unknown) => {
        if (!noSuchAddress.includes(codeOf(error))) throw error
        return 0
      },
    )
    return {
      port: taken,
      close: async (graceMs = 5_000) => {
        await Promise.all(servers.map((server) => end(server, graceMs)))
      },
    }
  } catch (error) {
    await Promise.all(servers.map((server) => end(server, 0)))
    const code = codeOf(error)
    // A free port on one address may be busy on the other: another free one is as good.
    if (port === 0 && code === 'EADDRINUSE' && attempts > 1) return listen(listener, 0, attempts - 1)
    const sentence = sentences[code]
    throw sentence === undefined ? error : new CannotListen(sentence(port), { cause: error })
  }
}
