import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CallbackQuery,
  type Expectation,
  type Rejection,
  attemptLifetimeMs,
  verifyCallback,
} from '../src/callback.ts'
import { verifierOf } from '../src/pkce.ts'
import type { Pending } from '../src/sign-in.ts'
import { always } from './property.ts'

const pending: Pending = {
  state: 'state-1',
  verifier: verifierOf(new Uint8Array(32)),
  redirectUri: 'https://app.example/oauth/callback',
  returnTo: '/',
  startedAt: 1_000_000,
  silent: false,
}
const issuer = 'https://auth.civitai.com'
const expected: Expectation = { issuer, issuerRequired: true }
const good: CallbackQuery = { code: 'code-1', state: 'state-1', iss: issuer }
const verify = (query: CallbackQuery, more: Partial<Expectation> = {}, at = pending.startedAt + 1000) => {
  const verified = verifyCallback(query, pending, { ...expected, ...more }, at)
  return verified._tag === 'Verified' ? verified.callback : verified.rejection
}

describe('when the browser comes back', () => {
  it('with its own state, issuer and a code, the code is worth an exchange', () => {
    expect(verify(good)).toEqual({
      code: 'code-1',
      verifier: pending.verifier,
      redirectUri: pending.redirectUri,
    })
  })

  it('K1 with another state, or none, nothing else is even looked at', () => {
    for (const state of ['state-2', 'state-1 ', 'STATE-1', '', undefined])
      for (const query of [good, { error: 'access_denied' }, { ...good, iss: 'https://evil.example' }]) {
        const { state: _, ...rest } = { state: undefined, ...query }
        expect(verify(state === undefined ? rest : { ...rest, state }, {}, Infinity)).toBe('StateMismatch')
      }
  })

  it('K2 with another issuer, or none where one is always sent, it is refused', () => {
    for (const iss of ['https://evil.example', `${issuer}/`, ''])
      for (const issuerRequired of [true, false])
        expect(verify({ ...good, iss }, { issuerRequired })).toBe('IssuerMismatch')
    const { iss: _, ...without } = good
    expect(verify(without)).toBe('IssuerMismatch')
    expect(verify(without, { issuerRequired: false })).toHaveProperty('code', 'code-1')
  })

  it('K2 an error may come without an issuer, but never from another', () => {
    expect(verify({ state: 'state-1', error: 'access_denied' })).toBe('Denied')
    expect(verify({ state: 'state-1', error: 'access_denied', iss: 'https://evil.example' })).toBe('IssuerMismatch')
  })

  it('after fifteen minutes, to the millisecond, the attempt has expired', () => {
    expect(attemptLifetimeMs).toBe(900_000)
    expect(verify(good, {}, pending.startedAt + attemptLifetimeMs)).toHaveProperty('code')
    expect(verify(good, {}, pending.startedAt + attemptLifetimeMs + 1)).toBe('AttemptExpired')
  })

  it('X5 a clock that runs behind is no reason to refuse', () => {
    expect(verify(good, {}, pending.startedAt - 8000)).toHaveProperty('code')
  })

  it('with an error, it says which kind', () => {
    const kinds: readonly (readonly [string, Rejection])[] = [
      ['access_denied', 'Denied'],
      ['login_required', 'InteractionRequired'],
      ['consent_required', 'InteractionRequired'],
      ['interaction_required', 'InteractionRequired'],
      ['account_selection_required', 'InteractionRequired'],
      ['server_error', 'ServerRefused'],
      ['temporarily_unavailable', 'ServerRefused'],
      ['toString', 'ServerRefused'],
    ]
    for (const [error, kind] of kinds) expect(verify({ ...good, error })).toBe(kind)
  })

  it('says so as a tagged result', () => {
    expect(verifyCallback({}, pending, expected, 0)).toEqual({ _tag: 'Rejected', rejection: 'StateMismatch' })
    expect(verifyCallback(good, pending, expected, pending.startedAt)._tag).toBe('Verified')
  })

  it('K7 with neither a code nor an error, parameters were stripped', () => {
    expect(verify({ state: 'state-1', iss: issuer })).toBe('CodeMissing')
    expect(verify({ ...good, code: '' })).toBe('CodeMissing')
  })

  it('K1 whatever else it brings, a callback without this state never verifies', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('code-1', issuer, 'access_denied'))
    const query = fc.record({ code: text, state: text, iss: text, error: text }, { requiredKeys: [] })
    always([query, fc.integer()], (query, at) => {
      const verified = verifyCallback(query, pending, { issuer, issuerRequired: false }, at)
      expect(verified._tag === 'Verified').toBe(
        query.state === pending.state &&
          (query.iss === undefined || query.iss === issuer) &&
          !query.error &&
          !!query.code &&
          at - pending.startedAt <= attemptLifetimeMs,
      )
    })
  })
})
