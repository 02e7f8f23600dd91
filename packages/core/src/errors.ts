/**
 * Every error this family of packages can answer with: one closed catalogue. An error is told apart by its `_tag`,
 * never by `instanceof`. Sentences, causes and fixes live in `error-table.ts`, which servers and docs read; a browser
 * gets the code and a link.
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
  | 'ServerUnavailable'
  | 'SignInLoop'
  | 'SessionTooLarge'
  | 'OptionsInvalid'
  | 'NotSignedIn'
  | 'ScopesMissing'
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
