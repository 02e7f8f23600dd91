/** The one error class of this package. Errors are told apart by `_tag`, never by `instanceof`. */
import type { ClientErrorTag } from '@civitai-oauth/core/errors'

export type { ClientErrorTag } from '@civitai-oauth/core/errors'

export interface ErrorDetails {
  /** What a developer reads; never holds a secret, code or token. */
  readonly message: string
  /** Permissions that would mend it. */
  readonly scopes?: readonly string[]
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number
  /** What the authorization server answered, e.g. `invalid_client`. */
  readonly serverError?: string
}

export class CivitaiAuthError extends Error {
  override readonly name = 'CivitaiAuthError'
  readonly _tag: ClientErrorTag
  readonly scopes?: readonly string[]
  readonly retryAfter?: number
  readonly serverError?: string
  constructor(tag: ClientErrorTag, { message, ...details }: ErrorDetails) {
    super(message)
    this._tag = tag
    Object.assign(this, details)
  }
}

/** True for an error of this package, whichever copy of it made the error. */
export const isCivitaiAuthError = (error: unknown): error is CivitaiAuthError =>
  error instanceof Error && error.name === 'CivitaiAuthError' && '_tag' in error
