/** Load over keep-alive connections, each asking again as soon as it is answered. Raw sockets: the client must not be the limit. */
import { connect, type Socket } from 'node:net'

export interface Chain {
  /** The next request's body or headers; called once for each request. */
  next(): string
  /** The answer's body. */
  answered(body: string): void
}

export const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\n\r\n${body}`

export const get = (path: string, bearer: string): string =>
  `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${bearer}\r\n\r\n`

/** One connection: runs its chain until told to rest. Refuses to go on after an answer that is not 200. */
const connectionOf = (port: number, chain: Chain) => {
  let socket: Socket
  let received = ''
  let running = false
  let count = 0
  let rested: (() => void) | undefined
  const ask = () => socket.write(chain.next())
  const onData = (chunk: Buffer) => {
    received += chunk.toString('latin1')
    const head = received.indexOf('\r\n\r\n')
    if (head < 0) return
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1])
    if (received.length < head + 4 + length) return
    const body = received.slice(head + 4, head + 4 + length)
    if (!received.startsWith('HTTP/1.1 200')) throw new Error(`${received.slice(0, 200)} ${body}`)
    received = ''
    count += 1
    chain.answered(body)
    if (running) ask()
    else rested?.()
  }
  return {
    open: () =>
      new Promise<void>((ready) => {
        socket = connect(port, '127.0.0.1', ready)
        socket.setNoDelay(true)
        socket.on('data', onData)
      }),
    start: () => {
      running = true
      count = 0
      ask()
    },
    /** Answers how many were answered, once the last one is. */
    rest: () =>
      new Promise<number>((done) => {
        running = false
        rested = () => done(count)
      }),
    close: () => socket.destroy(),
  }
}

export const loadOf = async (port: number, chains: readonly Chain[]) => {
  const connections = chains.map((chain) => connectionOf(port, chain))
  await Promise.all(connections.map((connection) => connection.open()))
  return {
    /** Answers a second over one slice. */
    slice: async (ms: number): Promise<number> => {
      const begun = performance.now()
      for (const connection of connections) connection.start()
      await new Promise((done) => void setTimeout(done, ms))
      const counts = await Promise.all(connections.map((connection) => connection.rest()))
      return (counts.reduce((sum, one) => sum + one, 0) * 1000) / (performance.now() - begun)
    },
    close: () => {
      for (const connection of connections) connection.close()
    },
  }
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] as number
}
