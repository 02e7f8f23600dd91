/** An independent client, unmodified, walks the whole path over real HTTP. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProvider, type Provider } from '../src/index.ts'
import { nodeListener } from '../src/node.ts'
import { sqlite } from '../src/sqlite/index.ts'

const insecure = { [oauth.allowInsecureRequests]: true } as const

describe('oauth4webapi, from discovery to revocation', () => {
  let server: Server
  let provider: Provider
  let issuer: string

  beforeAll(async () => {
    server = createServer((request, response) => nodeListener(provider)(request, response))
    await new Promise<void>((ready) => void server.listen(0, 'localhost', ready))
    issuer = `http://localhost:${(server.address() as AddressInfo).port}`
    provider = await createProvider({ issuer, storage: sqlite({ memory: true }), samples: true, limits: 'on' })
  })

  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((done) => void server.close(done))
    await provider.close()
  })

  it.each(['openid-configuration', 'oauth-authorization-server'] as const)('by /.well-known/%s', async (document) => {
    const created = await provider.admin.createPerson({
      username: `ada_${document.length}`,
      email: `${document}@b.example`,
    })
    if (created._tag !== 'Created') throw new Error('taken')
    const redirectUri = 'https://app.example.com/oauth/callback'
    const registered = await provider.apps.register(created.person, {
      name: 'Walker',
      description: '',
      redirectUris: redirectUri,
      scopes: ['UserRead', 'BuzzRead'],
      type: 'confidential',
      dialect: 'civitai',
    })
    if (registered._tag !== 'Registered' || registered.secret === null) throw new Error('not registered')

    const algorithm = document === 'openid-configuration' ? 'oidc' : 'oauth2'
    const found = await oauth.discoveryRequest(new URL(issuer), { algorithm, ...insecure })
    const as = await oauth.processDiscoveryResponse(new URL(issuer), found)
    const client: oauth.Client = { client_id: registered.app.clientId }
    const authenticate = oauth.ClientSecretBasic(registered.secret)

    const verifier = oauth.generateRandomCodeVerifier()
    const state = oauth.generateRandomState()
    const url = new URL(as.authorization_endpoint as string)
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: redirectUri,
      scope: '65537',
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString()

    const toLogin = await fetch(url, { redirect: 'manual' })
    expect(toLogin.status).toBe(302)
    const login = new URL(toLogin.headers.get('location') as string, issuer)
    expect(login.pathname).toBe('/login')
    expect(login.searchParams.get('returnUrl')).toBe(url.pathname + url.search)

    const { name, value } = await provider.admin.beginSession(created.person)
    const cookie = `${name}=${value}`
    const toConsent = await fetch(new URL(login.searchParams.get('returnUrl') as string, issuer), {
      redirect: 'manual',
      headers: { cookie },
    })
    const request = new URL(toConsent.headers.get('location') as string, issuer).searchParams.get('request') as string
    const shown = await provider.consent(request, cookie)
    expect(shown).toMatchObject({
      _tag: 'Pending',
      view: { granted: ['UserRead', 'BuzzRead'], offersBuzzLimit: false },
    })

    const approved = await fetch(as.authorization_endpoint as string, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, origin: issuer },
      body: new URLSearchParams({ request, approved: 'true', remember: 'true' }),
    })
    expect(approved.status).toBe(302)
    const parameters = oauth.validateAuthResponse(
      as,
      client,
      new URL(approved.headers.get('location') as string),
      state,
    )

    const exchanged = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      authenticate,
      parameters,
      redirectUri,
      verifier,
      insecure,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, exchanged)
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: '65537' })
    expect(tokens.access_token).toMatch(/^civitai_[\w-]{43}$/)

    const claims = await oauth.processUserInfoResponse(
      as,
      client,
      String(created.person.id),
      await oauth.userInfoRequest(as, client, tokens.access_token, insecure),
    )
    expect(claims).toMatchObject({ id: created.person.id, preferred_username: created.person.username })

    const refreshed = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, authenticate, tokens.refresh_token as string, insecure),
    )
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token)

    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, client, authenticate, refreshed.refresh_token as string, insecure),
    )
    const after = await oauth.refreshTokenGrantRequest(
      as,
      client,
      authenticate,
      refreshed.refresh_token as string,
      insecure,
    )
    await expect(oauth.processRefreshTokenResponse(as, client, after)).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})
