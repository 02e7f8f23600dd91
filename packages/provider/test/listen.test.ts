import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { listen } from '../src/listen.ts'

/** All that comes back to somebody who sends this and then nothing more. */
const answerTo = (port: number, text: string): Promise<string> =>
  new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part))
    socket.on('close', () => resolve(answer))
  })

describe('listening', () => {
  it.each([
    ['headers', 'GET / HTTP/1.1\r\nhost: localhost\r\nx: '],
    ['a body', 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nabc'],
  ])('H5 cuts off whoever begins %s and never comes to the end', async (_, beginning) => {
    const patience = { headers: 50, request: 100, every: 10 }
    const { port, close } = await listen((request) => request.resume(), 0, '127.0.0.1', patience)
    expect(await answerTo(port, beginning)).toContain('408 Request Timeout')
    await close(0)
  })

  it('keeps an idle connection longer than a proxy does, so that the proxy is the one to close it', async () => {
    const { port, close } = await listen((_, response) => void response.end(), 0, '127.0.0.1')
    const answer = await fetch(`http://127.0.0.1:${port}/`)
    expect(answer.headers.get('keep-alive')).toBe('timeout=75')
    await close(0)
  })
})
