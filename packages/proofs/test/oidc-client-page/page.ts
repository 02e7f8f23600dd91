/** The app: nothing but oidc-client-ts, set up as for any server whose scope is one word. */
import { type User, UserManager, WebStorageStateStore } from 'oidc-client-ts'

declare global {
  interface Window {
    readonly app: { readonly authority: string; readonly clientId: string; readonly scope: string }
    readonly manager: UserManager
    readonly callback: Promise<User | string | null>
  }
}

const { authority, clientId, scope } = window.app
const manager = new UserManager({
  authority,
  client_id: clientId,
  redirect_uri: `${location.origin}/callback`,
  response_type: 'code',
  // Its default is `openid`, which is no scope here: there is no id_token, and userinfo says who signed in.
  scope,
  loadUserInfo: true,
  automaticSilentRenew: false,
  userStore: new WebStorageStateStore({ store: localStorage }),
})

const failed = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'unknown')
const callback =
  location.pathname === '/callback' ? manager.signinRedirectCallback().catch(failed) : Promise.resolve(null)

Object.assign(window, { manager, callback })
