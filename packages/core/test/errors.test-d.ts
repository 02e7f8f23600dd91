import { describe, expectTypeOf, it } from 'vitest'
import { type AnyAuthError, AuthError, type ErrorTag } from '../src/errors.ts'

declare const error: AnyAuthError

describe('the catalogue of errors', () => {
  it('is closed', () => {
    // @ts-expect-error no such error
    void new AuthError('Whatever')
    expectTypeOf(error._tag).toEqualTypeOf<ErrorTag>()
  })

  it('says for each what it carries', () => {
    // @ts-expect-error which scopes?
    void new AuthError('ScopesMissing')
    // @ts-expect-error this one carries nothing
    void new AuthError('NotSignedIn', { missing: [] })
    if (error._tag === 'ScopesMissing') expectTypeOf(error.detail.missing).toEqualTypeOf<readonly string[]>()
    // @ts-expect-error not every error has missing scopes
    void error.detail.missing
  })
})
