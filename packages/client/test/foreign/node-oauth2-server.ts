/** node-oauth2-server over maps, as it brings no store, behind a bare node:http server with one page of its own. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import OAuth2Server, {
  type AuthorizationCode,
  type Client,
  OAuthError,
  type RefreshToken,
  Request,
  Response,
  type Token,
} from '@node-oauth/oauth2-server'
import { standardDialect } from '../../src/app-dialect.ts'
import { type App, type Foreign, form, listen } from './server.ts'

/** It knows nothing of `iss`, and publishes no metadata. */
export const nodeOauth2Server = (issuer: string) =>
  standardDialect({
    issuer,
    endpoints: { authorize: '/authorize', token: '/token', userinfo: '/userinfo' },
    scopes: ['profile', 'email'],
    sendsIssuer: false,
  })

const user = { sub: 'ada', name: 'Ada', preferred_username: 'ada' }

export const startNodeOauth2Server = async (app: App): Promise<Foreign> => {
  const tokenRequests: string[] = []
  const client: Client = {
    id: app.clientId,
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: [app.redirectUri],
  }
  const codes = new Map<string, AuthorizationCode>()
  const access = new Map<string, Token>()
  const refresh = new Map<string, RefreshToken>()
  const isPublic = app.clientSecret === undefined
  const oauth = new OAuth2Server({
    model: {
      getClient: async (id: string, secret: string | null) =>
        id === app.clientId && (secret === null || isPublic || secret === app.clientSecret) ? client : false,
      saveAuthorizationCode: async (code: AuthorizationCode) => {
        const kept = { ...code, client, user }
        codes.set(code.authorizationCode, kept)
        return kept
      },
      getAuthorizationCode: async (code: string) => codes.get(code),
      revokeAuthorizationCode: async (code: AuthorizationCode) => codes.delete(code.authorizationCode),
      validateScope: async (_: unknown, __: unknown, scope?: string[]) => scope ?? [],
      getAccessToken: async (token: string) => access.get(token),
      getRefreshToken: async (token: string) => refresh.get(token),
      revokeToken: async (token: RefreshToken) => refresh.delete(token.refreshToken),
      saveToken: async (made: Token) => {
        const kept = { ...made, client, user }
        access.set(kept.accessToken, kept)
        refresh.set(kept.refreshToken ?? '', { ...kept, refreshToken: kept.refreshToken ?? '' })
        return kept
      },
    },
    requireClientAuthentication: { authorization_code: !isPublic, refresh_token: !isPublic },
  })

  const endpoints: Readonly<Record<string, (request: Request, response: Response) => Promise<unknown>>> = {
    '/authorize': (request, response) =>
      oauth.authorize(request, response, { authenticateHandler: { handle: () => user } }),
    '/token': (request, response) => {
      tokenRequests.push(String(request.body?.grant_type))
      return oauth.token(request, response)
    },
    '/userinfo': async (request, response) => {
      await oauth.authenticate(request, response)
      response.body = user
    },
  }

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { pathname, search, searchParams } = new URL(incoming.url ?? '/', 'http://server')
    const endpoint = endpoints[pathname]
    if (endpoint === undefined) return outgoing.writeHead(404).end()
    if (pathname === '/authorize' && incoming.method === 'GET')
      return outgoing
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<form method="post" action="/authorize${search.replaceAll('&', '&amp;')}"><button>Allow</button></form>`)
    const request = new Request({
      method: incoming.method ?? 'GET',
      headers: incoming.headers as Record<string, string>,
      query: Object.fromEntries(searchParams),
      body: Object.fromEntries(new URLSearchParams(await text(incoming))),
    })
    const response = new Response({})
    try {
      await endpoint(request, response)
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      response.status = error.code
      response.body ??= { error: error.name }
    }
    return outgoing
      .writeHead(response.status ?? 200, { ...response.headers, 'content-type': 'application/json' })
      .end(JSON.stringify(response.body ?? {}))
  }

  const { issuer, close } = await listen(() => (incoming, outgoing) => void answer(incoming, outgoing))
  return {
    issuer,
    tokenRequests,
    answerPage: (page) => (page.includes('<form') ? form({ allow: 'yes' }) : undefined),
    close,
  }
}
