/** An app somewhere else: it begins an authorization and shows what came back. */
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Scope } from '@civitai-oauth/core'

export interface RelyingApp {
  readonly redirectUri: string
  /** An authorize URL, fresh state and challenge each time. */
  begin(issuer: string, clientId: string, scopes: readonly string[]): string
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
  return {
    redirectUri,
    begin: (issuer, clientId, scopes) => {
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
    },
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}
