import { describe, expectTypeOf, it } from 'vitest'
import type { Verifier } from '../src/pkce.ts'
import type { RedirectUri } from '../src/redirect-uri.ts'
import * as Session from '../src/session.ts'
import * as SignIn from '../src/sign-in.ts'

declare const pending: SignIn.Pending
declare const state: SignIn.State
declare const live: Session.Live
declare const session: Session.State

describe('a callback', () => {
  it('that nobody verified cannot be exchanged', () => {
    // @ts-expect-error only verifyCallback makes one
    const made: SignIn.VerifiedCallback = { code: 'c', verifier: pending.verifier, redirectUri: 'https://a.example' }
    // @ts-expect-error a query is not evidence
    const command: SignIn.Command = { _tag: 'ExchangeCode', callback: { code: 'c', state: 's' } }
    expectTypeOf(made).toEqualTypeOf<SignIn.VerifiedCallback>()
    expectTypeOf(command).toExtend<SignIn.Command>()
  })

  it('is only there once it was found to be verified', () => {
    const verified = SignIn.verifyCallback({}, pending, { issuer: '', issuerRequired: true }, 0)
    // @ts-expect-error it may have been rejected
    void verified.callback
    if (verified._tag === 'Verified') expectTypeOf(verified.callback).toEqualTypeOf<SignIn.VerifiedCallback>()
  })
})

describe('wrong states', () => {
  it('cannot be written', () => {
    // @ts-expect-error nothing is pending before the start
    const idle: SignIn.State = { _tag: 'Idle', pending }
    // @ts-expect-error signed in means tokens
    const signedIn: SignIn.State = { _tag: 'SignedIn', pending }
    // @ts-expect-error nobody is there to be live
    const signedOut: Session.State = { _tag: 'SignedOut', live }
    // @ts-expect-error an expired session has no tokens
    const expired: Session.State = { _tag: 'Expired', live }
    // @ts-expect-error there is one wire reason, and this is not it
    const why: Session.State = { _tag: 'SignedOut', reason: 'revoked' }
    expectTypeOf([idle, signedIn]).items.toExtend<SignIn.State>()
    expectTypeOf([signedOut, expired, why]).items.toExtend<Session.State>()
  })

  it('cannot be read', () => {
    // @ts-expect-error an attempt may be idle
    void state.pending
    // @ts-expect-error a session may be over
    void session.live
    if (session._tag === 'Refreshing') expectTypeOf(session.live).toEqualTypeOf<Session.Live>()
  })
})

describe('parsed values', () => {
  it('are made by their parsers only', () => {
    // @ts-expect-error a string is not a verifier
    const verifier: Verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    // @ts-expect-error a string is not a redirect URI
    const uri: RedirectUri = 'https://app.example/cb'
    expectTypeOf(verifier).toExtend<string>()
    expectTypeOf(uri).toExtend<string>()
  })
})

describe('events', () => {
  it('say what they answer', () => {
    // @ts-expect-error whose answer is this?
    Session.transition(session, { _tag: 'Refreshed', tokens: live.tokens })
    // @ts-expect-error when?
    Session.transition(session, { _tag: 'Needed' })
    // @ts-expect-error no such event
    SignIn.transition(state, { _tag: 'Succeeded' })
  })
})
