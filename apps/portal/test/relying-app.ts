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
  /**
   * The whole way without a browser: asks, answers yes as the session of this `Cookie` header, exchanges the code of a
   * public app, and refreshes once for each time told.
   */
  connect(
    server: Served,
    clientId: string,
    scopes: readonly string[],
    as: { readonly cookie: string; readonly refreshes?: number },
  ): Promise<void>
  close(): Promise<void>
}

const verifier = randomBytes(32).toString('base64url')
const challenge = createHash('sha256').update(verifier).digest('base64url')

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
    connect: async ({ origin, provider }, clientId, scopes, { cookie, refreshes }) => {
      const post = (path: string, fields: Record<string, string>) =>
        provider.fetch(
          new Request(origin + path, {
            method: 'POST',
            headers: { cookie, origin },
            body: new URLSearchParams(fields),
          }),
        )
      const landing = (response: Response) => new URL(response.headers.get('location') ?? '', origin).searchParams
      const asked = await provider.fetch(new Request(begin(origin, clientId, scopes), { headers: { cookie } }))
      const decision = { request: landing(asked).get('request') ?? '', approved: 'true', remember: 'true' }
      const code = landing(await post('/api/auth/oauth/authorize', decision)).get('code') ?? ''
      if (refreshes === undefined) return
      const exchange = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
      let answer = await post('/api/auth/oauth/token', { ...exchange, client_id: clientId })
      for (let refresh = 0; refresh < refreshes; refresh++) {
        const { refresh_token } = (await answer.json()) as { refresh_token: string }
        const fields = { grant_type: 'refresh_token', refresh_token, client_id: clientId }
        answer = await post('/api/auth/oauth/token', fields)
      }
    },
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}
