/**
 * Every way this server says no, as rows: the status, the protocol's code, and for people what happened and what mends
 * it. A check fails with a `Refusal`; nothing else decides how an error looks.
 */
import * as Effect from 'effect/Effect'
import type { ProviderErrorTag } from '@civitai-oauth/core/errors'

/** Core's catalogue, and what only a wire can get wrong. */
export type RefusalTag =
  | ProviderErrorTag
  | 'ParameterMalformed'
  | 'SecretInAddress'
  | 'BodyNotForm'
  | 'BodyNotJson'
  | 'GrantInvalid'
  | 'DevicePending'
  | 'DeviceTooSoon'
  | 'DeviceExpired'
  | 'NotSignedIn'
  | 'TokenExpired'
  | 'CreditTooLow'
  | 'Unexpected'

export interface Refusal {
  readonly _tag: RefusalTag
  /** What exactly, where the row cannot know: a parameter's name, never its secret value. */
  readonly because?: string
  readonly headers?: readonly string[]
  /** What the storage threw. For the log: no answer holds it. */
  readonly failure?: unknown
}

export interface Row {
  readonly status: number
  /** RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1. */
  readonly error: string
  readonly title: string
  /** Addressed to whoever wrote the app: most of these are theirs to mend. */
  readonly mend: string
}

const row = (status: number, error: string, title: string, mend: string): Row => ({ status, error, title, mend })

export const rows: Record<RefusalTag, Row> = {
  ParameterMissing: row(400, 'invalid_request', 'A parameter is missing', 'Add it to the request.'),
  ParameterDuplicated: row(400, 'invalid_request', 'A parameter was sent twice', 'Send each parameter once.'),
  ParameterMalformed: row(400, 'invalid_request', 'A parameter cannot be read', 'Mend it and ask again.'),
  ClientUnknown: row(400, 'invalid_client', 'This app is not registered', 'Check the client_id under OAuth Apps.'),
  ClientAuthenticationFailed: row(
    401,
    'invalid_client',
    'The app could not prove who it is',
    'Check client_id and client_secret. A public app sends no secret; a confidential one must.',
  ),
  RedirectUriMismatch: row(
    400,
    'invalid_request',
    'This redirect URI is not registered',
    'The redirect_uri in this address must equal one of the list under Account, OAuth Apps, character for character: scheme, host, port, path, and a slash at the end or none. Add it there, or mend what the app sends: behind a proxy it often names http or another host.',
  ),
  ResponseTypeUnsupported: row(400, 'unsupported_response_type', 'Unknown response type', 'Send response_type=code.'),
  PkceMissing: row(
    400,
    'invalid_request',
    'The PKCE challenge is missing',
    'Send code_challenge and code_challenge_method=S256.',
  ),
  PkceMethodUnsupported: row(
    400,
    'invalid_request',
    'This PKCE method is not accepted',
    'Send code_challenge_method=S256.',
  ),
  PkceChallengeMalformed: row(
    400,
    'invalid_request',
    'The PKCE challenge is malformed',
    'code_challenge is the base64url SHA-256 of the verifier: 43 characters.',
  ),
  StateMissing: row(400, 'invalid_request', 'The state is missing', 'Send a fresh random state with every request.'),
  ScopeInvalid: row(400, 'invalid_scope', 'These permissions cannot be read', 'Send scope as the documentation says.'),
  ConsentDenied: row(400, 'access_denied', 'Access was denied', 'The person chose not to go on.'),
  ConsentGone: row(
    400,
    'invalid_request',
    'This request is over',
    'It was answered already, took too long, or began in another browser. Go back to the app and start again.',
  ),
  InteractionRequired: row(400, 'interaction_required', 'A page would be needed', 'Ask again without prompt=none.'),
  CodeInvalid: row(400, 'invalid_grant', 'The code is not valid', 'Start the sign-in again.'),
  VerifierMismatch: row(
    400,
    'invalid_grant',
    'The PKCE verifier does not match',
    'Send the code_verifier that the challenge was made from.',
  ),
  RefreshTokenInvalid: row(400, 'invalid_grant', 'The refresh token is not valid', 'Start the sign-in again.'),
  GrantInvalid: row(400, 'invalid_grant', 'What was granted has ended', 'Start the sign-in again.'),
  DevicePending: row(400, 'authorization_pending', 'The person has not answered yet', 'Ask again after the interval.'),
  DeviceTooSoon: row(400, 'slow_down', 'Asked again too soon', 'Wait five seconds longer between two questions.'),
  DeviceExpired: row(400, 'expired_token', 'The device code has expired', 'Start again with a new one.'),
  NotSignedIn: row(401, 'invalid_token', 'Nobody is signed in', 'Send an access token or an API key.'),
  TokenExpired: row(401, 'invalid_token', 'The access token has expired', 'Refresh it.'),
  CreditTooLow: row(400, 'invalid_request', 'There is not that much credit', 'Nothing was taken.'),
  BodyNotJson: row(400, 'invalid_request', 'The body cannot be read', 'Send JSON or a form.'),
  GrantTypeUnsupported: row(
    400,
    'unsupported_grant_type',
    'Unknown grant type',
    'Send authorization_code, refresh_token or client_credentials.',
  ),
  GrantNotAllowed: row(400, 'unauthorized_client', 'This app may not use this grant', 'Only confidential apps may.'),
  TokenInvalid: row(401, 'invalid_token', 'The access token is not valid', 'Refresh it, or start the sign-in again.'),
  ScopeInsufficient: row(403, 'insufficient_scope', 'A permission is missing', 'Ask the person for it.'),
  TooManyRequests: row(429, 'slow_down', 'Too many requests', 'Wait as long as Retry-After says.'),
  BodyTooLarge: row(413, 'invalid_request', 'The request is too large', 'Send at most 64 kB.'),
  BodyNotForm: row(400, 'invalid_request', 'The body is not a form', 'Send it as application/x-www-form-urlencoded.'),
  SecretInAddress: row(
    400,
    'invalid_request',
    'A secret was sent in the address',
    'Send it in the body. Addresses end up in logs: rotate this secret.',
  ),
  MethodNotAllowed: row(405, 'invalid_request', 'This method is not accepted here', 'See the Allow header.'),
  NotFound: row(404, 'not_found', 'There is nothing here', 'Check the address.'),
  CrossSiteRequest: row(
    403,
    'invalid_request',
    'This form was sent from another site',
    'Go back to the app and start again. Browsers must send the Origin header.',
  ),
  Unexpected: row(500, 'server_error', 'Something went wrong here', 'Try again.'),
  StorageUnavailable: row(503, 'temporarily_unavailable', 'The server is busy', 'Try again in a few seconds.'),
}

export const refusal = (_tag: RefusalTag, because?: string, headers?: readonly string[]): Refusal => ({
  _tag,
  ...(because === undefined ? {} : { because }),
  ...(headers === undefined ? {} : { headers }),
})

/** Fails with a refusal. */
export const refuse = (
  _tag: RefusalTag,
  because?: string,
  headers?: readonly string[],
): Effect.Effect<never, Refusal> => Effect.fail(refusal(_tag, because, headers))

/** One sentence for a program: what happened, then what mends it. ASCII, as RFC 6749 section 5.2 asks. */
export const describe = ({ _tag, because }: Refusal): string => {
  const { title, mend } = rows[_tag]
  const said = because ?? title
  return `${/[.!?]$/.test(said) ? said : `${said}.`} ${mend}`
}
