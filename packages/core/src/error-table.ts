/**
 * What every error of the catalogue means: a sentence for whoever meets it, the cause, and the fix. Servers and docs read
 * it; browsers do not load it.
 */
import { type AnyAuthError, type ErrorTag, codeOf } from './errors.ts'

export interface ErrorRow {
  /** For the person in front of it. */
  readonly sentence: string
  /** For whoever has to mend it. */
  readonly cause: string
  readonly fix: string
  /** Which side raises it, and so which side's tests reach it. */
  readonly raisedBy: 'client' | 'provider' | 'both'
}

export const errorTable: Readonly<Record<ErrorTag, ErrorRow>> = {
  AttemptMissing: {
    sentence: 'This sign-in did not begin in this browser. Please start again.',
    cause:
      'The callback came without the cookie of its attempt: another browser, another host name, or cookies refused.',
    fix: 'Open the app under the host name of its redirect URI (localhost is not 127.0.0.1), and start again.',
    raisedBy: 'client',
  },
  AttemptExpired: {
    sentence: 'This sign-in took too long. Please start again.',
    cause: 'More than fifteen minutes lay between the start and the callback.',
    fix: 'Start again. If it happens at once, compare the clocks of your servers.',
    raisedBy: 'client',
  },
  AttemptUnsealable: {
    sentence: 'This sign-in could not be continued. Please start again.',
    cause: 'The cookie of the attempt was sealed with a session secret that is no longer in the list, or was changed.',
    fix: 'Keep the old session secret in the list behind the new one until its cookies have run out.',
    raisedBy: 'client',
  },
  AttemptUsed: {
    sentence: 'This sign-in is finished already.',
    cause: 'The callback was opened a second time: the back button, or a reload.',
    fix: 'Nothing, if the person is signed in. Otherwise start again.',
    raisedBy: 'client',
  },
  StateMismatch: {
    sentence: 'This answer belongs to another sign-in. Please start again.',
    cause: 'The `state` of the callback is not the one this browser was given: perhaps somebody else’s callback.',
    fix: 'Start again. If it keeps happening, look for a proxy that drops or rewrites the query.',
    raisedBy: 'client',
  },
  IssuerMismatch: {
    sentence: 'This answer comes from another server than the one asked.',
    cause: 'The callback’s `iss` is not the issuer the app is set up with, or is missing where it is always sent.',
    fix: 'Compare CIVITAI_ISSUER with the issuer in the server’s discovery document, character for character.',
    raisedBy: 'client',
  },
  ConsentDenied: {
    sentence: 'You did not authorize the app. Nothing was changed.',
    cause: 'The person pressed Deny (`access_denied`).',
    fix: 'Ask for fewer permissions, and say on your page what they are for.',
    raisedBy: 'both',
  },
  ServerRefused: {
    sentence: 'The server refused this sign-in.',
    cause: 'The callback carried another error than `access_denied`; the detail has its code.',
    fix: 'Look the code up in RFC 6749 section 4.1.2.1, and check the app’s registration.',
    raisedBy: 'client',
  },
  CodeMissing: {
    sentence: 'The answer of the server is incomplete. Please start again.',
    cause: 'The callback has a state and neither a code nor an error: parameters were stripped on the way.',
    fix: 'Look for a proxy, a redirect or a router rule that drops the query of the callback path.',
    raisedBy: 'client',
  },
  ExchangeRefused: {
    sentence: 'The server did not accept this sign-in. Please start again.',
    cause: 'The token endpoint refused the code: used, expired, or another client, redirect URI or secret.',
    fix: 'For `invalid_client` check the client id and secret; for `invalid_grant` start again.',
    raisedBy: 'client',
  },
  RefreshRefused: {
    sentence: 'Your session has ended. Please sign in again.',
    cause:
      'The refresh token was refused: spent, run out, or the person removed the app. The server does not say which.',
    fix: 'Nothing: the next page view restores the session silently if the person still allows it.',
    raisedBy: 'client',
  },
  ServerUnavailable: {
    sentence: 'The sign-in server does not answer just now. Please try again in a moment.',
    cause: 'A timeout, a 429 or a 5xx. The session stays as it is.',
    fix: 'Try again after `until`. Nobody is signed out by this.',
    raisedBy: 'client',
  },
  StoreUnavailable: {
    sentence: 'Sessions cannot be read just now. Please try again in a moment.',
    cause:
      'The session store failed or did not answer in time; or, in a page without a server, the browser keeps nothing.',
    fix: 'Check the store’s address and health: sessions that were saved are not lost. In a browser, allow this site to store data.',
    raisedBy: 'client',
  },
  SignInLoop: {
    sentence: 'Signing in went round in a circle and was stopped.',
    cause: 'Two automatic redirects to the server within thirty seconds: the session cookie does not come back.',
    fix: 'Check that the app is opened under its own origin, over https or on localhost, and that cookies pass the proxy.',
    raisedBy: 'client',
  },
  SessionTooLarge: {
    sentence: 'Your session could not be saved.',
    cause: 'The sealed session is larger than the cookies that may hold it; the detail names its biggest field.',
    fix: 'Keep less in the session (the field named in the detail), or use a session store.',
    raisedBy: 'client',
  },
  OptionsInvalid: {
    sentence: 'This app is not set up correctly.',
    cause: 'An option or environment variable is missing or wrong; the detail lists every one.',
    fix: 'Mend what the list names and start the app again.',
    raisedBy: 'client',
  },
  NotSignedIn: {
    sentence: 'Please sign in first.',
    cause: 'A page or route that needs a person was opened without one.',
    fix: 'Send the person to the sign-in route, with `returnTo`.',
    raisedBy: 'client',
  },
  ScopesMissing: {
    sentence: 'The app needs another permission for this.',
    cause: 'The person has not granted every permission that the route or the API asks for; the detail lists them.',
    fix: 'Start a step-up: the sign-in route with `scopes`, for what is granted plus what is missing.',
    raisedBy: 'client',
  },
  SpendRefused: {
    sentence: 'There is not enough buzz for this, or your limit for this app is reached.',
    cause: 'The API refused the spend. It says the same for an empty balance and for a reached limit.',
    fix: 'Do not retry. Tell the person; they can change the limit under Connected Apps.',
    raisedBy: 'client',
  },
  OriginNotAllowed: {
    sentence: 'The app tried to reach an address it may not send your sign-in to.',
    cause: '`fetch` of the session was called with an origin that is neither the API nor the authorization server.',
    fix: 'Set `CIVITAI_API_ORIGIN` if the API is there; for anybody else use plain `fetch`.',
    raisedBy: 'client',
  },
  CrossSiteRequest: {
    sentence: 'This request came from another site and was refused.',
    cause: 'A form post or API call with a missing, `null` or foreign `Origin`.',
    fix: 'Send it from your own pages. Behind a proxy, set the app’s own origin.',
    raisedBy: 'both',
  },
  ParameterMissing: {
    sentence: 'The request is incomplete.',
    cause: 'A required parameter is missing; the detail names it.',
    fix: 'Send the parameter.',
    raisedBy: 'provider',
  },
  ParameterDuplicated: {
    sentence: 'The request says the same thing twice.',
    cause: 'A parameter was sent more than once; the detail names it.',
    fix: 'Send each parameter once (RFC 6749 section 3.1).',
    raisedBy: 'provider',
  },
  ClientUnknown: {
    sentence: 'This app is not registered here.',
    cause: 'No app has this `client_id`, or it was deleted.',
    fix: 'Copy the client id from the OAuth Apps card, and check which server it was registered with.',
    raisedBy: 'provider',
  },
  ClientAuthenticationFailed: {
    sentence: 'The app could not prove who it is.',
    cause: 'The client secret is wrong, rotated away, missing, sent twice, sent in the URL, or sent by a public app.',
    fix: 'Send the current secret in the body or as HTTP Basic, one of the two; public apps send none.',
    raisedBy: 'provider',
  },
  RedirectUriMismatch: {
    sentence: 'The app sent an address that is not registered for it.',
    cause: 'The `redirect_uri` is not in the app’s list, character for character.',
    fix: 'Register the exact address: case, port, path and trailing slash count.',
    raisedBy: 'provider',
  },
  ResponseTypeUnsupported: {
    sentence: 'The app asked in a way that is not supported.',
    cause: '`response_type` is something else than `code`.',
    fix: 'Send `response_type=code`.',
    raisedBy: 'provider',
  },
  PkceMissing: {
    sentence: 'The app asked without the protection that is required.',
    cause: 'There is no `code_challenge`.',
    fix: 'Send `code_challenge` and `code_challenge_method=S256` (RFC 7636).',
    raisedBy: 'provider',
  },
  PkceMethodUnsupported: {
    sentence: 'The app asked without the protection that is required.',
    cause: 'The `code_challenge_method` is not one this server accepts.',
    fix: 'Send `code_challenge_method=S256`.',
    raisedBy: 'provider',
  },
  PkceChallengeMalformed: {
    sentence: 'The app asked without the protection that is required.',
    cause: 'The `code_challenge` does not have the form of its method: for S256, 43 base64url characters.',
    fix: 'Send BASE64URL(SHA256(verifier)) without padding.',
    raisedBy: 'provider',
  },
  StateMissing: {
    sentence: 'The app asked without the protection that is required.',
    cause: 'There is no `state`.',
    fix: 'Send a random `state` and compare it in the callback.',
    raisedBy: 'provider',
  },
  ScopeInvalid: {
    sentence: 'The app asked for permissions that do not exist.',
    cause:
      'The `scope` is not a number from 0 to Full (Civitai) or has an unknown word (Quaily), or needs a trusted app.',
    fix: 'Build it from names: `Scope.format([...])`. Ask for fewer than the app is registered for, not more.',
    raisedBy: 'provider',
  },
  ConsentGone: {
    sentence: 'This request has run out or was answered already. Please go back to the app and start again.',
    cause: 'The consent request is unknown, expired, answered, or was begun in another session.',
    fix: 'Start again from the app.',
    raisedBy: 'provider',
  },
  InteractionRequired: {
    sentence: 'Please sign in.',
    cause: 'The app asked with `prompt=none`, and a page would be needed.',
    fix: 'Ask again without `prompt=none` once the person acts.',
    raisedBy: 'provider',
  },
  CodeInvalid: {
    sentence: 'The app’s code is not valid.',
    cause: 'The code is unknown, used, expired, or was issued to another client or redirect URI.',
    fix: 'Exchange a code once, at once, with the redirect URI of the authorize request.',
    raisedBy: 'provider',
  },
  VerifierMismatch: {
    sentence: 'The app could not prove that it began this sign-in.',
    cause: 'The `code_verifier` is missing, malformed, or not the one behind the challenge.',
    fix: 'Keep the verifier with the attempt and send it with its code.',
    raisedBy: 'provider',
  },
  RefreshTokenInvalid: {
    sentence: 'The app’s sign-in has ended.',
    cause: 'The refresh token is unknown, spent, expired, ended, or another client’s.',
    fix: 'Use each refresh token once and save the new one first; otherwise ask the person to sign in.',
    raisedBy: 'provider',
  },
  GrantTypeUnsupported: {
    sentence: 'The app asked for something this server does not do.',
    cause: 'The `grant_type` is none this server knows.',
    fix: 'Send `authorization_code`, `refresh_token` or `client_credentials`.',
    raisedBy: 'provider',
  },
  GrantNotAllowed: {
    sentence: 'This kind of app may not do that.',
    cause: 'The `grant_type` is not open to this app’s type: `client_credentials` is for confidential apps.',
    fix: 'Register a confidential app, or use the authorization code.',
    raisedBy: 'provider',
  },
  TokenInvalid: {
    sentence: 'The app’s access has ended.',
    cause: 'The access token is unknown, expired or ended.',
    fix: 'Refresh once; if that is refused, ask the person to sign in.',
    raisedBy: 'provider',
  },
  ScopeInsufficient: {
    sentence: 'The app lacks the permission for this.',
    cause: 'The access token does not hold the scope that this API asks for; the detail lists it.',
    fix: 'Ask for a new authorization with the missing scope. A refresh never widens.',
    raisedBy: 'provider',
  },
  TooManyRequests: {
    sentence: 'Too many requests. Please wait a moment.',
    cause: 'The limit for this address, client or person is reached.',
    fix: 'Wait for `Retry-After`, then go on. Do not sign anybody out.',
    raisedBy: 'provider',
  },
  BodyTooLarge: {
    sentence: 'The request is too large.',
    cause: 'The body is above 64 kB.',
    fix: 'Send the form’s fields only.',
    raisedBy: 'provider',
  },
  MethodNotAllowed: {
    sentence: 'This address answers another kind of request.',
    cause: 'The method is not one this path answers; `Allow` lists those it does.',
    fix: 'Use the method that the documentation names.',
    raisedBy: 'provider',
  },
  NotFound: {
    sentence: 'There is nothing at this address.',
    cause: 'The path is unknown, or what it names is not yours to see.',
    fix: 'Compare the path with the discovery document.',
    raisedBy: 'provider',
  },
  StorageUnavailable: {
    sentence: 'The server cannot answer just now. Please try again in a moment.',
    cause: 'The database does not answer.',
    fix: 'Try again after `Retry-After`. Nothing that was acknowledged is lost.',
    raisedBy: 'provider',
  },
}

/** Code, sentence, cause and fix of an error, as a log line or a page shows them. */
export const explain = (error: AnyAuthError): ErrorRow & { readonly code: string } => ({
  code: codeOf(error._tag),
  ...errorTable[error._tag],
})
