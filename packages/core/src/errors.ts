/**
 * Every error this family of packages can answer with: one closed catalogue. An error is told apart by its `_tag`,
 * never by `instanceof`, for two bundles are two copies of a class. Sentences, causes and fixes live in
 * `error-table.ts`, which servers and docs read; a browser gets the code and a link.
 */

/** On the app's side. */
export type ClientErrorTag =
  | 'AttemptMissing'
  | 'AttemptExpired'
  | 'AttemptUnsealable'
  | 'AttemptUsed'
  | 'StateMismatch'
  | 'IssuerMismatch'
  | 'ConsentDenied'
  | 'ServerRefused'
  | 'CodeMissing'
  | 'ExchangeRefused'
  | 'RefreshRefused'
  | 'ServerUnavailable'
  | 'StoreUnavailable'
  | 'SignInLoop'
  | 'SessionTooLarge'
  | 'OptionsInvalid'
  | 'NotSignedIn'
  | 'ScopesMissing'
  | 'SpendRefused'
  | 'OriginNotAllowed'
  | 'CrossSiteRequest'

/** On the server's side. */
export type ProviderErrorTag =
  | 'ParameterMissing'
  | 'ParameterDuplicated'
  | 'ClientUnknown'
  | 'ClientAuthenticationFailed'
  | 'RedirectUriMismatch'
  | 'ResponseTypeUnsupported'
  | 'PkceMissing'
  | 'PkceMethodUnsupported'
  | 'PkceChallengeMalformed'
  | 'StateMissing'
  | 'ScopeInvalid'
  | 'ConsentDenied'
  | 'ConsentGone'
  | 'InteractionRequired'
  | 'CodeInvalid'
  | 'VerifierMismatch'
  | 'RefreshTokenInvalid'
  | 'GrantTypeUnsupported'
  | 'GrantNotAllowed'
  | 'TokenInvalid'
  | 'ScopeInsufficient'
  | 'TooManyRequests'
  | 'BodyTooLarge'
  | 'MethodNotAllowed'
  | 'NotFound'
  | 'CrossSiteRequest'
  | 'StorageUnavailable'

export type ErrorTag = ClientErrorTag | ProviderErrorTag

/** What an error carries besides its tag. Never a secret, a code or a token. */
export interface Details {
  readonly ScopesMissing: { readonly missing: readonly string[] }
  readonly ScopeInsufficient: { readonly missing: readonly string[] }
  /** `field`: the biggest one in the session. `bytes`: what the cookie would come to. */
  readonly SessionTooLarge: { readonly field: string; readonly bytes: number }
  readonly OptionsInvalid: { readonly problems: readonly string[] }
  /** `error`: the server's own code, e.g. `invalid_grant`. */
  readonly ServerRefused: { readonly error: string }
  readonly ExchangeRefused: { readonly error: string }
  readonly RefreshRefused: { readonly error: string }
  /** `until`: Unix milliseconds; no earlier attempt makes sense. `sent`: the request may have had its effect. */
  readonly ServerUnavailable: { readonly until: number; readonly sent: boolean }
  readonly TooManyRequests: { readonly retryAfterSeconds: number }
  readonly ParameterMissing: { readonly parameter: string }
  readonly ParameterDuplicated: { readonly parameter: string }
  readonly OriginNotAllowed: { readonly origin: string }
}

type Detail<Tag extends ErrorTag> = Tag extends keyof Details ? Details[Tag] : undefined
type Given<Tag extends ErrorTag> = Tag extends keyof Details
  ? [detail: Details[Tag], options?: ErrorOptions]
  : [detail?: undefined, options?: ErrorOptions]

/** The stable code of an error, for logs, URLs and links: `StateMismatch` is `state_mismatch`. */
export const codeOf = (tag: ErrorTag): string => tag.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase()

/** Where the documentation explains an error: relative to where its pages are served. */
export const docsOf = (tag: ErrorTag): string => `errors#${codeOf(tag)}`

/**
 * One error of the catalogue. `name` is the tag, so a stack trace reads `ScopesMissing: …`, and the message is the code
 * with its place in the documentation: short enough for a browser, and enough to look it up.
 */
export class AuthError<Tag extends ErrorTag = ErrorTag> extends Error {
  readonly _tag: Tag
  readonly detail: Detail<Tag>

  constructor(tag: Tag, ...[detail, options]: Given<Tag>) {
    super(`${codeOf(tag)}: see ${docsOf(tag)} in the documentation.`, options)
    this.name = tag
    this._tag = tag
    this.detail = detail as Detail<Tag>
  }

  get code(): string {
    return codeOf(this._tag)
  }
}

/** Any error of the catalogue, told apart by `_tag`: `if (error._tag === 'ScopesMissing') error.detail.missing`. */
export type AnyAuthError = { readonly [Tag in ErrorTag]: AuthError<Tag> }[ErrorTag]

/** True for an error of the catalogue, whichever copy of this file made it. */
export const isAuthError = (value: unknown): value is AnyAuthError =>
  value instanceof Error && '_tag' in value && 'detail' in value && value.name === value._tag
