/** node-oauth2-server over maps (it brings no store), behind a bare node:http server: rotating refresh tokens. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import OAuth2Server, { type Client, type RefreshToken, Request, Response, type Token } from '@node-oauth/oauth2-server'

const connections = Number(process.argv[3] ?? 32)
const [clientId, secret] = ['bench', 'secret'.repeat(6)]
const client: Client = { id: clientId, grants: ['refresh_token'], redirectUris: ['https://app.example.com/cb'] }
const user = { id: 1 }
const access = new Map<string, Token>()
const refresh = new Map<string, RefreshToken>()

const oauth = new OAuth2Server({
  model: {
    getClient: async (id: string, given: string) => (id === clientId && given === secret ? client : false),
    getAccessToken: async (token: string) => access.get(token),
    getRefreshToken: async (token: string) => refresh.get(token),
    revokeToken: async (token: RefreshToken) => refresh.delete(token.refreshToken),
    saveToken: async (made: Token) => {
      const kept = { ...made, client, user }
      access.set(kept.accessToken, kept)
      refresh.set(kept.refreshToken as string, { ...kept, refreshToken: kept.refreshToken as string })
      return kept
    },
  },
})

const tokens = Array.from({ length: connections }, (_, at) => {
  const refreshToken = `first-${at}`
  refresh.set(refreshToken, { refreshToken, client, user, scope: ['read'] })
  return { access: '', refresh: refreshToken }
})
const server = createServer((incoming, outgoing) => {
  incoming.once('data', async (chunk: Buffer) => {
    const body = Object.fromEntries(new URLSearchParams(chunk.toString('utf8')))
    const response = new Response({})
    await oauth.token(new Request({ method: 'POST', headers: incoming.headers as never, query: {}, body }), response)
    const text = JSON.stringify(response.body)
    outgoing.writeHead(200, { ...response.headers, 'content-length': Buffer.byteLength(text) })
    outgoing.end(text)
  })
}).listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port, clientId, secret, tokens, codes: [] }),
)
// Whoever started this is gone: nobody would stop it.
process.once('disconnect', () => process.exit(0))
