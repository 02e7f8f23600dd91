import { createServer, request as send, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeListener } from '../src/node.ts'
import { authorizePath, callback, type Client, tokenPath, type World, worldOf } from './support/world.ts'

describe('behind a bare node:http server', () => {
  let world: World
  let client: Client
  let server: Server
  let port: number

  beforeAll(async () => {
    world = await worldOf({ limits: { token: { times: 1000, seconds: 60 }, revoke: { times: 1, seconds: 60 } } })
    client = await world.register()
    server = createServer(nodeListener(world.provider))
    await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
    port = (server.address() as AddressInfo).port
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((done) => void server.close(done))
    await world.provider.close()
  })

  const ask = (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: string,
  ): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: string }> =>
    new Promise((resolve, reject) => {
      const asked = send({ port, host: '127.0.0.1', method, path, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => void (text += chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode as number, headers: response.headers, body: text }),
        )
      })
      asked.on('error', reject)
      asked.end(body)
    })

  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  it('H1 Host and X-Forwarded-* change nothing', async () => {
    const forged = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '198.51.100.7',
      forwarded: 'host=evil.example',
    }
    const document = await ask('GET', '/.well-known/openid-configuration', forged)
    expect(document.body).not.toContain('evil.example')
    expect(JSON.parse(document.body)).toMatchObject({ issuer: 'http://localhost:4100' })
    const login = await ask('GET', `${authorizePath}?${world.authorizeQuery(client)}`, forged)
    expect(login.headers['location']).toMatch(/^\/login\?/)
    expect((await ask('POST', '/api/auth/oauth/revoke', { ...form, ...forged }, 'token=x')).status).toBe(401)
    const dodged = { ...form, ...forged, 'x-forwarded-for': '198.51.100.8' }
    expect((await ask('POST', '/api/auth/oauth/revoke', dodged, 'token=x')).status).toBe(429)
  })

  it('H5 a body above 64 kB is refused, announced or not, and the connection is not used again', async () => {
    const big = `token=${'x'.repeat(65_537)}`
    const announced = await ask('POST', tokenPath, { ...form, 'content-length': String(big.length) }, big)
    expect(announced.status).toBe(413)
    expect(announced.headers['connection']).toBe('close')
    const chunked = await ask('POST', tokenPath, { ...form, 'transfer-encoding': 'chunked' }, big)
    expect(chunked.status).toBe(413)
    const just = await ask('POST', tokenPath, form, `grant_type=x&pad=${'x'.repeat(65_536 - 17)}`)
    expect(just.status).toBe(400)
    expect(JSON.parse(just.body)).toMatchObject({ error: 'unsupported_grant_type' })
  })

  it('a body in many small pieces is read whole', async () => {
    const text = `grant_type=refresh_token&refresh_token=x&client_id=${client.id}&client_secret=${client.secret}`
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`POST ${tokenPath} HTTP/1.1\r\nhost: x\r\ncontent-type: ${form['content-type']}\r\n`)
        socket.write(`content-length: ${text.length}\r\nconnection: close\r\n\r\n`)
        for (const character of text) socket.write(character)
      })
      let received = ''
      socket.on('data', (chunk) => void (received += chunk))
      socket.on('end', () => resolve(received))
      socket.on('error', reject)
    })
    expect(answer).toContain('HTTP/1.1 400')
    expect(answer).toContain('invalid_grant')
  })

  it('H4 an answer that no header can carry ends its own connection, and nobody else’s', async () => {
    const unwritable = createServer(
      nodeListener({ handle: async () => ({ status: 302, headers: ['location', '/\r\nx: y'], body: '' }) }),
    )
    await new Promise<void>((ready) => void unwritable.listen(0, '127.0.0.1', ready))
    const at = (unwritable.address() as AddressInfo).port
    await expect(fetch(`http://127.0.0.1:${at}/`)).rejects.toThrow()
    unwritable.closeAllConnections()
    await new Promise((done) => void unwritable.close(done))
  })

  it('H4 a posted authorize request with line breaks in its body stops no server', async () => {
    const right = world.authorizeQuery(client, { state: undefined })
    for (const headers of [form, { ...form, origin: 'https://evil.example' }]) {
      expect((await ask('POST', authorizePath, headers, 'a=\r\nx: y')).status).toBe(400)
      const led = await ask('POST', authorizePath, headers, `${right}&state=\r\nx: y`)
      expect(led.headers).not.toHaveProperty('x')
      expect(led.headers['location']).toContain('state')
    }
    expect((await ask('GET', '/healthz')).status).toBe(200)
  })

  it('HEAD has the headers and no body; an unknown path is 404 as JSON', async () => {
    const head = await ask('HEAD', '/healthz')
    expect(head).toMatchObject({ status: 200, body: '' })
    const unknown = await ask('GET', '/api/nothing')
    expect(unknown.status).toBe(404)
    expect(JSON.parse(unknown.body)).toMatchObject({ error: 'not_found' })
  })

  it('H4 odd targets and parameters are a 4xx, never a 5xx', async () => {
    const odd = [
      '%',
      '%zz',
      '%00',
      '%ff%fe',
      '=',
      '&&',
      '?',
      'client_id',
      'client_id=%',
      '\u00fc'.repeat(10),
      'a[b][c]=1',
    ]
    for (const query of odd) {
      const answer = await ask('GET', `${authorizePath}?${encodeURI(query)}&redirect_uri=${callback}`)
      expect(answer.status).toBe(400)
      const posted = await ask('POST', tokenPath, form, query)
      expect(posted.status).toBe(400)
    }
    for (const path of ['//', '/%', '/api/%2e%2e/', '*']) expect((await ask('GET', path)).status).toBe(404)
  })
})
