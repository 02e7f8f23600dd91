/** An app somewhere else: it begins an authorization and shows what came back. */
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Scope } from '@civitai-oauth/core'
import type { Served } from './serve.ts'

export interface RelyingApp {
  readonly redirectUri: string
  /** An authorize URL, fresh state and challenge each time. */
  begin(issuer: string, clientId: string, scopes: readonly string[]): string
  /** The whole way without a browser: asks, and answers yes as the session of this `Cookie` header. */
  connect(server: Served, clientId: string, scopes: readonly string[], cookie: string): Promise<void>
  close(): Promise<void>
}

export const relyingApp = async (): Promise<RelyingApp> => {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    // As many apps do: the callback ends at another address, here another origin even.
    if (pathname === '/callback') {
      const landing = `http://127.0.0.1:${port}/landed?${searchParams}`
      return void response.writeHead(302, { location: landing }).end()
    }
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(
      `<title>App</title><h1>${searchParams.has('code') ? 'Welcome' : searchParams.get('error')?.replace(/\W/g, ' ')}</h1>`,
    )
  })
  await new Promise<void>((listening) => server.listen(0, listening))
  const { port } = server.address() as AddressInfo
  const redirectUri = `http://localhost:${port}/callback`
  const begin: RelyingApp['begin'] = (issuer, clientId, scopes) => {
    const challenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url')
    return `${issuer}/api/auth/oauth/authorize?${new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: Scope.format(Scope.setOf(scopes)),
      state: randomBytes(8).toString('hex'),
      code_challenge: challenge,
      code_challenge_method: 'S256',
    })}`
  }
  return {
    redirectUri,
    begin,
    connect: async ({ origin, provider }, clientId, scopes, cookie) => {
      const asked = await provider.fetch(new Request(begin(origin, clientId, scopes), { headers: { cookie } }))
      const request = new URL(asked.headers.get('location') ?? '', origin).searchParams.get('request') ?? ''
      const answer = new URLSearchParams({ request, approved: 'true', remember: 'true' })
      const headers = { cookie, origin }
      const address = `${origin}/api/auth/oauth/authorize`
      await provider.fetch(new Request(address, { method: 'POST', headers, body: answer }))
    },
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}
