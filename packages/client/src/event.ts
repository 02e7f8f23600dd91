/** What an app may log or count. Small facts; never a secret, code or token. */
export type AuthEvent =
  | { readonly type: 'signed-in'; readonly userId: string; readonly restored: boolean }
  | { readonly type: 'sign-in-failed'; readonly error: string }
  | { readonly type: 'signed-out'; readonly userId: string }
  | { readonly type: 'refreshed'; readonly userId: string }
  /** `error` is the server's code; the session lives on while its access token does. */
  | { readonly type: 'refresh-refused'; readonly userId: string; readonly error: string }
  | { readonly type: 'refresh-unavailable'; readonly userId: string; readonly retryInMs: number }
  | { readonly type: 'restoring'; readonly userId: string }
  | { readonly type: 'session-ended'; readonly userId: string }
  /** Revocation at sign-out did not succeed; the person is signed out here all the same. */
  | { readonly type: 'revocation-failed' }
  /** The server did not know this client secret (0 is the newest); the next one of the list is tried. */
  | { readonly type: 'client-secret-refused'; readonly position: number }
