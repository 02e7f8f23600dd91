// #device
import { deviceSignIn } from '@civitai-oauth/client/device'

export const signIn = (clientId: string) =>
  deviceSignIn({
    clientId,
    scopes: ['UserRead'],
    onCode: ({ userCode, verificationUri }) => console.log(`Enter ${userCode} at ${verificationUri}`),
  })
// #end
