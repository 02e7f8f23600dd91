// #loopback
import { loopbackSignIn } from '@civitai-oauth/client/device'

export const signIn = (clientId: string) =>
  loopbackSignIn({
    clientId,
    redirectUri: 'http://localhost:8765/callback',
    scopes: ['UserRead'],
    onAddress: (address) => console.log(`Sign in at ${address}`),
  })
// #end
