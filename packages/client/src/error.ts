/**
 * The errors of core's catalogue that this side raises, with words: here the table is at hand, so a message says what is
 * wrong and what to do, and the detail says it to programs.
 */
import { AuthError, type ClientErrorTag } from '@civitai-oauth/core/errors'
import { errorTable } from '@civitai-oauth/core/error-table'

export type { AuthError, ClientErrorTag } from '@civitai-oauth/core/errors'
export { isAuthError } from '@civitai-oauth/core/errors'

type Given<Tag extends ClientErrorTag> =
  ConstructorParameters<typeof AuthError<Tag>> extends [unknown, ...infer Rest] ? Rest : never

/** One error of the catalogue, in the table's words. */
export const failure = <Tag extends ClientErrorTag>(tag: Tag, ...given: Given<Tag>): AuthError<Tag> => {
  const error = new AuthError(tag, ...(given as never))
  const { cause, fix } = errorTable[tag]
  error.message = `${cause} ${fix}`
  return error
}

/** The status each answers a request with. */
export const statusOf: Readonly<Record<ClientErrorTag, number>> = {
  AttemptMissing: 400,
  AttemptExpired: 400,
  AttemptUnsealable: 400,
  AttemptUsed: 400,
  StateMismatch: 400,
  IssuerMismatch: 400,
  CodeMissing: 400,
  SignInLoop: 400,
  NotSignedIn: 401,
  RefreshRefused: 401,
  SpendRefused: 402,
  ConsentDenied: 403,
  ScopesMissing: 403,
  CrossSiteRequest: 403,
  OptionsInvalid: 500,
  OriginNotAllowed: 500,
  SessionTooLarge: 500,
  ServerRefused: 502,
  ExchangeRefused: 502,
  ServerUnavailable: 503,
  StoreUnavailable: 503,
}
