// #other
import { createCivitaiAuth, standardDialect } from '@civitai-oauth/client'

const acme = standardDialect({
  issuer: 'https://id.acme.example',
  endpoints: { authorize: '/auth', token: '/token', userinfo: '/me', revoke: '/token/revocation' },
  scopes: ['openid', 'profile', 'email'],
  baseline: ['openid'],
})
const auth = createCivitaiAuth({ dialect: acme, scopes: ['profile'] })
// #end

export { auth }
