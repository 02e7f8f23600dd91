// #spa
import { createSpaStore } from '@civitai-oauth/client/browser'

const auth = createSpaStore({ clientId: 'your-public-client-id', scopes: ['BuzzRead'] })
auth.subscribe(() => console.log(auth.get().status, auth.error()))

export const signIn = () => auth.signIn()
export const me = async () => (await auth.fetch('/api/v1/me')).json()
// #end
