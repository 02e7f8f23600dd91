import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifierOf } from '../src/pkce.ts'
import * as SignIn from '../src/sign-in.ts'
import { always } from './property.ts'

const pending: SignIn.Pending = {
  state: 'state-1',
  verifier: verifierOf(new Uint8Array(32)),
  redirectUri: 'https://app.example/oauth/callback',
  returnTo: '/gallery',
  startedAt: 0,
  silent: false,
}
const tokens: SignIn.Tokens = { accessToken: 'a', refreshToken: 'r', expiresAt: 3_600_000, scopes: ['UserRead'] }
const expected: SignIn.Expectation = { issuer: 'https://auth.example', issuerRequired: false }
const failure: SignIn.ExchangeFailure = { kind: 'refused', error: 'invalid_grant' }

const start: SignIn.Event = { _tag: 'Start', pending, challenge: 'challenge', scopes: ['UserRead'] }
const callback = (query: SignIn.CallbackQuery): SignIn.Event => ({ _tag: 'Callback', query, expected, at: 1000 })
const good = callback({ code: 'code-1', state: 'state-1' })
const exchanged: SignIn.Event = { _tag: 'Exchanged', tokens }
const failed: SignIn.Event = { _tag: 'ExchangeFailed', failure }

const after = (...events: readonly SignIn.Event[]) => {
  let step: ReturnType<typeof SignIn.transition> = [SignIn.idle, []]
  for (const event of events) step = SignIn.transition(step[0], event)
  return { state: step[0], commands: step[1] }
}

describe('starting', () => {
  it('keeps the attempt, then goes to the server', () => {
    expect(after(start)).toEqual({
      state: { _tag: 'AwaitingCallback', pending },
      commands: [
        { _tag: 'KeepAttempt', pending },
        { _tag: 'Authorize', pending, challenge: 'challenge', scopes: ['UserRead'] },
      ],
    })
  })

  it('can be taken up where the cookie left it', () => {
    expect(SignIn.resume(pending)).toEqual(after(start).state)
  })
})

describe('when the browser comes back', () => {
  it('exchanges the code of its own attempt', () => {
    expect(after(start, good)).toEqual({
      state: { _tag: 'Exchanging', pending },
      commands: [
        {
          _tag: 'ExchangeCode',
          callback: { code: 'code-1', verifier: pending.verifier, redirectUri: pending.redirectUri },
        },
      ],
    })
  })

  it('K1 never asks for tokens if the state differs, and leaves its own attempt as it was', () => {
    const foreign = callback({ code: 'stolen', state: 'state-2' })
    expect(after(start, foreign).commands).toEqual([])
    expect(SignIn.transition(SignIn.resume(pending), foreign)[0]).toEqual(SignIn.resume(pending))
    expect(after(start, foreign, good).state._tag).toBe('Exchanging')
  })

  it('ends the attempt when the person denied', () => {
    expect(after(start, callback({ error: 'access_denied', state: 'state-1' }))).toEqual({
      state: { _tag: 'Rejected', pending, rejection: 'Denied' },
      commands: [{ _tag: 'DropAttempt', pending }],
    })
  })

  it('asks for tokens once, however often the callback is opened', () => {
    expect(after(start, good, good).commands).toEqual([])
    expect(after(start, good, exchanged, good).commands).toEqual([])
    expect(after(start, good, failed, good).commands).toEqual([])
  })
})

describe('after the exchange', () => {
  it('saves the tokens before it drops the attempt', () => {
    expect(after(start, good, exchanged)).toEqual({
      state: { _tag: 'SignedIn', pending, tokens },
      commands: [
        { _tag: 'SaveTokens', tokens },
        { _tag: 'DropAttempt', pending },
      ],
    })
  })

  it('ends the attempt when it failed: a code is never sent twice', () => {
    expect(after(start, good, failed)).toEqual({
      state: { _tag: 'ExchangeFailed', pending, failure },
      commands: [{ _tag: 'DropAttempt', pending }],
    })
    expect(after(start, good, failed, exchanged).commands).toEqual([])
  })

  it('tokens that nobody asked for are not saved', () => {
    for (const events of [[exchanged], [start, exchanged], [start, exchanged, failed]] as const)
      expect(after(...events).commands.map(({ _tag }) => _tag)).not.toContain('SaveTokens')
  })
})

describe('whatever happens, in whatever order', () => {
  const text = fc.constantFrom('state-1', 'state-2', 'code-1', 'code-2', 'access_denied', 'https://auth.example')
  const event: fc.Arbitrary<SignIn.Event> = fc.oneof(
    fc.constant(start),
    fc.constant(exchanged),
    fc.constant(failed),
    fc
      .tuple(
        fc.record({ code: text, state: text, iss: text, error: text }, { requiredKeys: [] }),
        fc.constantFrom(0, SignIn.attemptLifetimeMs, SignIn.attemptLifetimeMs + 1),
      )
      .map(([query, at]): SignIn.Event => ({ _tag: 'Callback', query, expected, at })),
  )

  it('no exchange without a matching state, and one save at the most for one code', () => {
    always([fc.array(event, { maxLength: 25 })], (events) => {
      let state: SignIn.State = SignIn.idle
      let exchanges = 0
      let saves = 0
      for (const one of events) {
        const [next, commands] = SignIn.transition(state, one)
        for (const { _tag } of commands) {
          if (_tag === 'ExchangeCode') {
            exchanges++
            expect(state._tag).toBe('AwaitingCallback')
            expect(one._tag === 'Callback' && one.query.state).toBe(pending.state)
          }
          if (_tag === 'SaveTokens') saves++
        }
        state = next
      }
      expect(exchanges).toBeLessThanOrEqual(1)
      expect(saves).toBeLessThanOrEqual(exchanges)
    })
  })

  it('a doubled event changes nothing', () => {
    always([fc.array(event, { maxLength: 12 }), event], (events, last) => {
      const { state } = after(...events, last)
      const [again, commands] = SignIn.transition(state, last)
      expect([again, commands]).toEqual([state, []])
      expect(again).toBe(state)
    })
  })
})
