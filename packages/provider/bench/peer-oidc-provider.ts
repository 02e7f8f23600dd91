/** oidc-provider with the memory store that it brings: rotating refresh tokens of a confidential app. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

const connections = Number(process.argv[3] ?? 32)
const [clientId, secret] = ['bench', 'secret'.repeat(6)]
const provider = new Provider('http://127.0.0.1', {
  clients: [
    {
      client_id: clientId,
      client_secret: secret,
      redirect_uris: ['https://app.example.com/cb'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  cookies: { keys: ['bench'] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  rotateRefreshToken: true,
  routes: { token: '/api/auth/oauth/token' },
  ttl: { AccessToken: 3600, Grant: 86_400, RefreshToken: 86_400 },
})
const client = await provider.Client.find(clientId)
if (!client) throw new Error('not registered')
const signIn = async () => {
  const grant = new provider.Grant({ accountId: 'ada', clientId })
  // Without openid: no id_token to sign, which ours does not do either.
  grant.addOIDCScope('offline_access')
  const kept = {
    accountId: 'ada',
    client,
    grantId: await grant.save(),
    gty: 'authorization_code',
    scope: 'offline_access',
  }
  return { access: '', refresh: await new provider.RefreshToken(kept as never).save() }
}
const tokens = await Promise.all(Array.from({ length: connections }, signIn))
const server = createServer(provider.callback()).listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port, clientId, secret, tokens, codes: [] }),
)
// Whoever started this is gone: nobody would stop it.
process.once('disconnect', () => process.exit(0))
