/** Signing in from a program, with the real server and a person's browser: in both profiles, in both dialects. */
import { request } from 'node:http'
import { connect, createServer } from 'node:net'
import { type TestServer, startProvider } from '@civitai-oauth/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LoopbackOptions, loopbackSignIn } from '../src/device.ts'

const cases = (['documented', 'observed'] as const).flatMap((profile) =>
  (['civitai', 'quaily'] as const).map((dialect) => ({ profile, dialect })),
)
const scopes = { civitai: ['UserRead', 'BuzzRead'], quaily: ['user.full', 'credit.read'] } as const

/** A redirect URI names its port before anybody listens there. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

/** A request as no browser sends it, and all that comes back. */
const raw = (port: number, text: string): Promise<string> =>
  new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, 'localhost', () => socket.write(text))
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part))
    socket.on('close', () => resolve(answer))
  })

describe.each(cases)('a program on the own machine, $dialect, $profile', ({ profile, dialect }) => {
  let server: TestServer
  let redirectUri: string
  let clientId: string

  beforeEach(async () => {
    server = await startProvider({ profile })
    redirectUri = `http://localhost:${await freePort()}/callback`
    const app = await server.registerApp({
      dialect,
      type: 'public',
      redirectUris: [redirectUri],
      scopes: scopes[dialect],
    })
    clientId = app.clientId
  })
  afterEach(() => server.close())

  const begin = (more: Partial<LoopbackOptions<'civitai' | 'quaily'>> = {}) => {
    const { promise: address, resolve: onAddress } = Promise.withResolvers<string>()
    const issuer = dialect === 'quaily' ? `${server.issuer}/quaily` : server.issuer
    const signedIn = loopbackSignIn<'civitai' | 'quaily'>({
      clientId,
      redirectUri,
      dialect,
      issuer,
      scopes: scopes[dialect],
      onAddress,
      ...more,
    })
    // Looked at later, by each test.
    signedIn.catch(() => undefined)
    return { signedIn, address }
  }

  it('is signed in when its person comes back', async () => {
    const { signedIn, address } = begin()
    const page = await fetch(await server.approve(await address))
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('You are signed in.')])
    const { user, scopes: granted, accessToken, refreshToken, expiresAt } = await signedIn
    expect(user.username).toBe('ben')
    expect(granted).toEqual([...scopes[dialect]])
    expect([accessToken, refreshToken]).toEqual([expect.any(String), expect.any(String)])
    expect(expiresAt).toBeGreaterThan(Date.now())
    await expect(fetch(redirectUri)).rejects.toThrow('fetch failed')
  })

  it('is told that its person said no', async () => {
    const { signedIn, address } = begin()
    expect((await fetch(await server.deny(await address))).status).toBe(400)
    await expect(signedIn).rejects.toMatchObject({ _tag: 'ConsentDenied' })
  })

  it('K1 waits on when the callback of another sign-in comes', async () => {
    const { signedIn, address } = begin()
    const back = await server.approve(await address)
    for (const change of ['another', undefined]) {
      const other = new URL(back)
      if (change === undefined) other.searchParams.append('state', 'another')
      else other.searchParams.set('state', change)
      expect((await fetch(other)).status).toBe(400)
    }
    expect((await fetch(new URL('/', redirectUri))).status).toBe(404)
    expect((await fetch(back)).status).toBe(200)
    await expect(signedIn).resolves.toMatchObject({ user: { username: 'ben' } })
  })

  it('H1 is not there under another name', async () => {
    const { signedIn, address } = begin()
    const back = new URL(await server.approve(await address))
    const status = await new Promise((resolve) => {
      const headers = { host: 'evil.example' }
      request({ host: 'localhost', port: back.port, path: back.pathname + back.search, headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      }).end()
    })
    expect(status).toBe(403)
    await fetch(back)
    await signedIn
  })

  it('H4 waits on, whatever address anybody on the machine makes up', async () => {
    const { signedIn, address } = begin()
    const back = new URL(await server.approve(await address))
    for (const target of ['http://[', 'evil.example', '//', '/\\[', `//evil.example${back.pathname}`, '*']) {
      const answer = await raw(Number(back.port), `GET ${target} HTTP/1.1\r\nHost: ${back.host}\r\n\r\n`)
      expect(answer).toMatch(/^HTTP\/1\.1 4/)
    }
    expect((await fetch(back)).status).toBe(200)
    await expect(signedIn).resolves.toMatchObject({ user: { username: 'ben' } })
  })

  it('is told what the server says of a code', async () => {
    const { signedIn, address } = begin()
    const back = new URL(await server.approve(await address))
    back.searchParams.set('code', 'made-up')
    expect((await fetch(back)).status).toBe(400)
    await expect(signedIn).rejects.toMatchObject({ _tag: 'ExchangeRefused', detail: { error: 'invalid_grant' } })
  })

  it('stops waiting when it is told to', async () => {
    const enough = new AbortController()
    const { signedIn, address } = begin({ signal: enough.signal })
    await address
    enough.abort(new Error('Ctrl-C'))
    await expect(signedIn).rejects.toThrow('Ctrl-C')
  })
})

describe('a program on the own machine', () => {
  it.each(['https://app.example/callback', 'http://localhost/callback', 'http://evil.example:80/x', 'nonsense'])(
    'listens nowhere but on this machine, at a port that is named: %s',
    async (redirectUri) => {
      const signedIn = loopbackSignIn({ clientId: 'cli', redirectUri, onAddress: () => undefined })
      await expect(signedIn).rejects.toThrow('http://localhost:8765/callback')
    },
  )
})
