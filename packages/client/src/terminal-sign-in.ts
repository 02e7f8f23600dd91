import type { User } from '@civitai-oauth/core/session'

/** What a program has, once its person is signed in. */
export interface TerminalSignIn {
  readonly user: User
  readonly scopes: readonly string[]
  readonly accessToken: string
  readonly refreshToken: string | null
  /** When the access token runs out, Unix milliseconds. */
  readonly expiresAt: number
}
