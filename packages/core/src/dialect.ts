/**
 * A dialect is a value: everything in which two OAuth servers of this family differ. Client and provider read the same
 * one, so they cannot disagree. A third dialect is one file beside `dialects/civitai.ts` and `dialects/quaily.ts`.
 */

export type DialectName = 'civitai' | 'quaily'

/** How scopes are named, and what they are on the wire. */
export interface ScopeCodec<S extends string = string> {
  /** One decimal number whose bits are scopes, or words with spaces between them. */
  readonly wire: 'bitmask' | 'words'
  /** Every scope an app may be registered for, in order. */
  readonly names: readonly S[]
  /** In every token, asked for or not. */
  readonly baseline: readonly S[]
  /** Refused to apps without the trust flag. */
  readonly trustedOnly: readonly S[]
  /** These let an app spend what the person has. */
  readonly spends: readonly S[]
  /** Spending permissions that a buzz limit covers. */
  readonly underBuzzLimit: readonly S[]
  /** These let an app delete what the person has. */
  readonly deletes: readonly S[]
  /** Granting them does nothing yet. */
  readonly reserved: readonly S[]
  isKnown(value: string): value is S
  /** In order, without repeats or unknown names. */
  setOf(scopes: Iterable<string>): S[]
  /** The set with everything that its members imply. */
  withImplied(scopes: Iterable<S>): S[]
  /** Every form seen on the wire; `undefined` for what is none of them. */
  parse(wire: unknown): S[] | undefined
  format(scopes: Iterable<S>): string
  /** The words a person reads. */
  label(scope: S): string
  /** True when what was granted covers all that is required, implications included. */
  contains(granted: Iterable<S>, required: Iterable<S>): boolean
}

/** One observed difference from what is documented. `docs` and the emulator's log print the sentence. */
export interface Quirk {
  readonly sentence: string
  /** Part of the `observed` profile. The few that are not can only be switched on by name. */
  readonly observed: boolean
  /** On in `documented` too: it adds what no page documents, and contradicts none of them. */
  readonly documented?: true
}

export interface Dialect<S extends string = string, Q extends string = string> {
  readonly name: DialectName
  /** The words for the service, e.g. `Sign in with Civitai`. */
  readonly title: string
  readonly scopes: ScopeCodec<S>
  /** `one`: pages and API share an issuer. `two`: a base for the browser's pages, and one for everything else. */
  readonly hosts: 'one' | 'two'
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
  /** `required`: the server refuses a request without it. */
  readonly state: 'required' | 'optional'
  readonly responseType: 'required' | 'optional'
  /** `client_secret` in the body for confidential apps, or none at all. */
  readonly clientAuthentication: 'client_secret_post' | 'none'
  readonly grants: readonly Grant[]
  readonly redirectUris: 'list' | 'one'
  /** The flag staff set on an app, and what it changes. */
  readonly trust: { readonly flag: 'isVerified' | 'trusted'; readonly effect: 'badge' | 'unlocks-scopes' }
  /** Seconds. */
  readonly lifetimes: { readonly code: number; readonly access: number; readonly refresh: number }
  /** Tokens and codes begin with it, so that a leaked one is recognised. */
  readonly tokenPrefix: string
  /** A refresh leaves the previous access token alive until its own expiry. */
  readonly accessSurvivesRefresh: boolean
  /** The token answer carries `scope`. */
  readonly echoesScope: boolean
  /** The token answer carries `expiry` (RFC 3339) beside `expires_in`. */
  readonly sendsExpiry: boolean
  /** `data-ts`: API answers are `{ data, ts }`. Token and userinfo answers never are. */
  readonly envelope: 'none' | 'data-ts'
  /** How the token endpoint says what is wrong: in RFC 6749's words, or in codes of its own. */
  readonly errors: 'rfc6749' | ErrorCodes
  /** `pairwise`: another `sub` for each app, and a global `uuid` beside it. */
  readonly subject: 'public' | 'pairwise'
  readonly revokes: 'token' | 'app'
  readonly buzzLimits: boolean
  readonly discovery: boolean
  /** `iss` is sent with the code (RFC 9207), and so required. */
  readonly sendsIssuer: boolean
  /** Observed differences from what is documented, each selectable by name. */
  readonly quirks: Readonly<Record<Q, Quirk>>
}

/**
 * A server's own error codes, the `code` of its answers: what RFC 6749 section 5.2 calls each, or the status of a server
 * that is busy, which says nothing about anybody. A code that is not listed is `server_error`, and ends nothing either.
 */
export type ErrorCodes = Readonly<Record<string, string | 429 | 503>>

/** What an app has to know to speak a dialect, and all that a browser carries of it. The rest is the server's. */
export type Protocol<S extends string = string> = Pick<
  Dialect<S>,
  'hosts' | 'production' | 'endpoints' | 'errors' | 'sendsIssuer'
> & {
  readonly scopes: Pick<ScopeCodec<S>, 'baseline' | 'isKnown' | 'setOf' | 'parse' | 'format'>
  readonly lifetimes: Pick<Dialect<S>['lifetimes'], 'access'>
}

export type Grant = 'authorization_code' | 'refresh_token' | 'client_credentials'

/**
 * Whether a callback without `iss` is refused: where the dialect says that it is sent. Production is the exception: it
 * has the quirk `no-issuer`, so there `iss` is checked when it comes and not missed when it does not.
 */
export const issuerRequired = (
  dialect: Pick<Dialect, 'sendsIssuer' | 'production' | 'quirks'>,
  issuer: string,
): boolean => dialect.sendsIssuer && !(issuer === dialect.production.auth && 'no-issuer' in dialect.quirks)
