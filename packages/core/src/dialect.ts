/**
 * A dialect is a value: everything in which two OAuth servers of this family differ. Client and provider read the same
 * one, so they cannot disagree. A third dialect is one file beside `dialects/civitai.ts` and `dialects/quaily.ts`.
 */

export type DialectName = 'civitai' | 'quaily'

/** How scopes are named, and what they are on the wire. */
export interface ScopeCodec<S extends string = string> {
  /** Every scope an app may be registered for, in order. */
  readonly names: readonly S[]
  /** In every token, asked for or not. */
  readonly baseline: readonly S[]
  /** Refused to apps without the trust flag. */
  readonly trustedOnly: readonly S[]
  /** Spending permissions that a buzz limit covers. */
  readonly underBuzzLimit: readonly S[]
  isKnown(value: string): value is S
  /** In order, without repeats or unknown names. */
  setOf(scopes: Iterable<string>): S[]
  /** Every form seen on the wire; `undefined` for what is none of them. */
  parse(wire: unknown): S[] | undefined
  format(scopes: Iterable<S>): string
  /** The words a person reads. */
  label(scope: S): string
  /** True when what was granted covers all that is required, implications included. */
  contains(granted: Iterable<S>, required: Iterable<S>): boolean
}

export interface Dialect<S extends string = string> {
  readonly name: DialectName
  /** The words for the service, e.g. `Sign in with Civitai`. */
  readonly title: string
  readonly scopes: ScopeCodec<S>
  /** Where production answers. One origin for Civitai; Quaily's pages and API live apart. */
  readonly production: { readonly auth: string; readonly api: string }
  /** Paths below the auth base (`authorize`) and the API base (the rest). `null` where the dialect has none. */
  readonly endpoints: {
    readonly authorize: string
    readonly token: string
    readonly userinfo: string
    readonly revoke: string | null
  }
  readonly pkce: {
    readonly required: boolean
    readonly methods: readonly ('S256' | 'plain')[]
    /** What an absent `code_challenge_method` means; `null` refuses it. */
    readonly absent: 'S256' | null
  }
  /** `client_secret` in the body for confidential apps, or none at all. */
  readonly clientAuthentication: 'client_secret_post' | 'none'
  readonly grants: readonly ('authorization_code' | 'refresh_token' | 'client_credentials')[]
  readonly redirectUris: 'list' | 'one'
  /** The flag staff set on an app, and what it changes. */
  readonly trust: { readonly flag: 'isVerified' | 'trusted'; readonly effect: 'badge' | 'unlocks-scopes' }
  /** Seconds. */
  readonly lifetimes: { readonly code: number; readonly access: number; readonly refresh: number }
  /** A refresh leaves the previous access token alive until its own expiry. */
  readonly accessSurvivesRefresh: boolean
  /** The token answer carries `scope`. */
  readonly echoesScope: boolean
  /** The token answer carries `expiry` (RFC 3339) beside `expires_in`. */
  readonly sendsExpiry: boolean
  readonly errors: 'rfc6749' | 'code-msg'
  readonly subject: 'public' | 'pairwise'
  readonly revokes: 'token' | 'app'
  readonly buzzLimits: boolean
  readonly discovery: boolean
  /** `iss` is sent with the code (RFC 9207), and so required. */
  readonly sendsIssuer: boolean
  /** Observed differences from what is documented, each selectable by name. */
  readonly quirks: readonly string[]
}
