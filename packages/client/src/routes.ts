/** Our own routes, below `basePath`. */
import type { Settings } from './options.ts'

export interface Routes {
  readonly signIn: string
  readonly callback: string
  readonly signOut: string
  readonly session: string
}

export interface SignInPathRequest {
  /** A path of this app; the start page when not given. */
  readonly returnTo?: string | undefined
  /** Permissions beside those the app always asks for. */
  readonly scopes?: readonly string[] | undefined
}

export const routesOf = ({ basePath, callbackPath }: Settings): Routes => ({
  signIn: `${basePath}/sign-in`,
  callback: callbackPath,
  signOut: `${basePath}/sign-out`,
  session: `${basePath}/session`,
})

/** Where to send a person to sign in: a path of this app. */
export const signInPath = (settings: Settings, { returnTo = '/', scopes = [] }: SignInPathRequest = {}): string => {
  const query = new URLSearchParams({
    ...(returnTo !== '/' && { returnTo }),
    ...(scopes.length > 0 && { scopes: scopes.join(' ') }),
  })
  const { signIn } = routesOf(settings)
  return query.size === 0 ? signIn : `${signIn}?${query}`
}
