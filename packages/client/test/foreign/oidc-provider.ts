/** oidc-provider as it comes: its own pages, rotating refresh tokens, id tokens, `iss` with the code. */
import { Provider } from 'oidc-provider'
import { standardDialect } from '../../src/app-dialect.ts'
import { type App, type Foreign, form, listen } from './server.ts'

export const oidcProvider = (issuer: string) =>
  standardDialect({
    issuer,
    endpoints: { authorize: '/auth', token: '/token', userinfo: '/me', revoke: '/token/revocation' },
    scopes: ['openid', 'profile', 'email'],
    baseline: ['openid'],
  })

export const startOidcProvider = async (app: App): Promise<Foreign> => {
  const tokenRequests: string[] = []
  const { issuer, close } = await listen((issuer) => {
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: app.clientId,
          ...(app.clientSecret !== undefined && { client_secret: app.clientSecret }),
          token_endpoint_auth_method: app.clientSecret === undefined ? 'none' : 'client_secret_post',
          redirect_uris: [app.redirectUri],
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
        },
      ],
      claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
      cookies: { keys: ['a key for tests'] },
      features: { revocation: { enabled: true } },
      findAccount: (_, id) => ({
        accountId: id,
        claims: () => ({ sub: id, name: 'Ada', preferred_username: 'ada', email: 'ada@example.test' }),
      }),
      issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
      pkce: { required: () => true },
      rotateRefreshToken: true,
    })
    provider.on('grant.success', ({ oidc }) => tokenRequests.push(String(oidc.params?.['grant_type'])))
    return provider.callback()
  })
  return {
    issuer,
    tokenRequests,
    answerPage: (page) => {
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
      return prompt === undefined ? undefined : form({ prompt, login: 'ada', password: 'any' })
    },
    close,
  }
}
