/** A Redis of the test's own, on a socket in a folder of its own, and the few lines that speak to it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { type Socket, createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SendCommand } from '../../src/store/redis.ts'

/** One reply of RESP and where the next begins; `undefined` while it is not all there. */
const reply = (text: string, at: number): { readonly value: unknown; readonly next: number } | undefined => {
  const end = text.indexOf('\r\n', at)
  if (end < 0) return
  const [kind, rest, next] = [text[at], text.slice(at + 1, end), end + 2]
  if (kind === '+') return { value: rest, next }
  if (kind === '-') return { value: new Error(rest), next }
  if (kind === ':') return { value: Number(rest), next }
  const length = Number(rest)
  if (length < 0) return { value: null, next }
  if (kind === '$')
    return text.length < next + length + 2
      ? undefined
      : { value: text.slice(next, next + length), next: next + length + 2 }
  const values: unknown[] = []
  let here = next
  for (let index = 0; index < length; index++) {
    const one = reply(text, here)
    if (one === undefined) return
    values.push(one.value)
    here = one.next
  }
  return { value: values, next: here }
}

const connect = (path: string): Promise<Socket> =>
  new Promise((done, fail) => {
    const socket = createConnection(path, () => done(socket))
    socket.once('error', fail)
  })

export interface TestRedis {
  readonly send: SendCommand
  close(): Promise<void>
}

export const startRedis = async (): Promise<TestRedis> => {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'))
  const path = join(folder, 'redis.sock')
  const server: ChildProcess = spawn('redis-server', [
    '--port',
    '0',
    '--unixsocket',
    path,
    '--save',
    '',
    '--dir',
    folder,
  ])
  const ready = new Promise<void>((done, fail) => {
    server.stdout?.on('data', (text: Buffer) => text.includes('eady to accept connections') && done())
    server.once('error', fail)
    server.once('exit', (code) => fail(new Error(`redis-server ended with ${code}`)))
  })
  await ready
  const socket = await connect(path)
  const waiting: ((value: unknown) => void)[] = []
  let text = ''
  socket.setEncoding('latin1')
  socket.on('data', (data: string) => {
    text += data
    for (let one = reply(text, 0); one !== undefined; one = reply(text, 0)) {
      text = text.slice(one.next)
      waiting.shift()?.(one.value)
    }
  })
  return {
    send: async (command) => {
      const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')
      const value = await new Promise((done) => {
        waiting.push(done)
        socket.write(`*${command.length}\r\n${parts}`, 'utf8')
      })
      if (value instanceof Error) throw value
      return typeof value === 'string' ? Buffer.from(value, 'latin1').toString('utf8') : value
    },
    close: async () => {
      socket.destroy()
      const ended = new Promise((done) => server.once('exit', done))
      server.removeAllListeners('exit')
      server.once('exit', () => rmSync(folder, { recursive: true, force: true }))
      const gone = new Promise((done) => server.once('exit', done))
      server.kill()
      await Promise.race([ended, gone])
    },
  }
}
