import { describe, expect, it } from 'vitest'
import { errorTable, explain } from '../src/error-table.ts'
import { AuthError, type ErrorTag, codeOf, docsOf, isAuthError } from '../src/errors.ts'

const tags = Object.keys(errorTable) as ErrorTag[]

describe('an error', () => {
  it('is told by its tag, and says where it is explained', () => {
    const error = new AuthError('StateMismatch')
    expect(error).toBeInstanceOf(Error)
    expect(error._tag).toBe('StateMismatch')
    expect(error.code).toBe('state_mismatch')
    expect(error.detail).toBeUndefined()
    expect(String(error)).toBe('StateMismatch: state_mismatch: see errors#state_mismatch in the documentation.')
  })

  it('carries what its tag promises, and its cause', () => {
    const cause = new Error('socket closed')
    const error = new AuthError('ServerUnavailable', { until: 5, sent: true }, { cause })
    expect(error.detail).toEqual({ until: 5, sent: true })
    expect(error.cause).toBe(cause)
    expect(new AuthError('NotSignedIn', undefined, { cause }).cause).toBe(cause)
    expect('cause' in new AuthError('NotSignedIn')).toBe(false)
  })

  it('is known across two copies of this file, and nothing else is', () => {
    expect(isAuthError(new AuthError('NotSignedIn'))).toBe(true)
    const other = Object.assign(new Error('x'), { _tag: 'NotSignedIn', name: 'NotSignedIn', detail: undefined })
    expect(isAuthError(other)).toBe(true)
    for (const value of [
      null,
      'NotSignedIn',
      new Error('x'),
      { _tag: 'NotSignedIn', name: 'NotSignedIn', detail: undefined },
      Object.assign(new Error('x'), { _tag: 'Error' }),
      Object.assign(new Error('x'), { _tag: 'NotSignedIn', detail: undefined }),
      Object.assign(new Error('x'), { name: 'NotSignedIn', detail: undefined }),
    ])
      expect(isAuthError(value)).toBe(false)
  })
})

describe('the catalogue', () => {
  it.each(tags)('%s has a code, a sentence, a cause and a fix, and can be made', (tag) => {
    const error = Reflect.construct(AuthError, [tag]) as AuthError
    expect(error._tag).toBe(tag)
    expect(isAuthError(error)).toBe(true)
    const { sentence, cause, fix, raisedBy } = errorTable[tag]
    for (const text of [sentence, cause, fix]) expect(text).toMatch(/^\S.*[.]$/s)
    expect(['client', 'provider', 'both']).toContain(raisedBy)
  })

  it('has one code for each tag', () => {
    expect(codeOf('PkceMethodUnsupported')).toBe('pkce_method_unsupported')
    expect(docsOf('NotFound')).toBe('errors#not_found')
    expect(new Set(tags.map(codeOf)).size).toBe(tags.length)
    for (const tag of tags) expect(codeOf(tag)).toMatch(/^[a-z]+(_[a-z]+)*$/)
  })

  it('explains an error for a log or a page', () => {
    const error = new AuthError('NotSignedIn')
    expect(isAuthError(error) && explain(error)).toEqual({ code: 'not_signed_in', ...errorTable.NotSignedIn })
  })

  it('T6 has no place for a secret: details are codes, names and numbers', () => {
    const error = new AuthError('ExchangeRefused', { error: 'invalid_grant' })
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'ExchangeRefused',
      _tag: 'ExchangeRefused',
      detail: { error: 'invalid_grant' },
    })
  })
})
