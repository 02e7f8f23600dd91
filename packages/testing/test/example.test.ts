// #example
import { expect, it } from 'vitest'
import { startProvider } from '@civitai-oauth/testing'

it('signs Ben in', async () => {
  await using server = await startProvider()
  const redirectUri = 'http://localhost:3000/oauth/callback'
  const app = await server.registerApp({ redirectUris: [redirectUri], scopes: ['UserRead', 'BuzzRead'] })

  // Your app builds this address and sends the browser there. Here, by hand:
  const authorize = new URL('/api/auth/oauth/authorize', server.issuer)
  authorize.search = String(
    new URLSearchParams({
      response_type: 'code',
      client_id: app.clientId,
      redirect_uri: redirectUri,
      scope: '65537',
      state: 'a-state-of-your-own',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    }),
  )
  const callback = await server.approve(authorize, { user: 'ben' })

  expect(new URL(callback).searchParams.get('state')).toBe('a-state-of-your-own')
})
// #end
