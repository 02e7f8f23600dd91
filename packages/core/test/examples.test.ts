import { describe, expect, it } from 'vitest'
import { sessionOf } from '../examples/browser.ts'
import { granted, preset, unused, wire } from '../examples/scopes.ts'
import type * as Session from '../src/session.ts'

describe('the examples of the README', () => {
  it('say what their comments say', () => {
    expect(wire).toBe('98305')
    expect(granted).toEqual(['UserRead', 'AIServicesWrite', 'BuzzRead', 'Bit28'])
    expect(preset).toBe('AI Services')
    expect(unused).toEqual(['AIServicesWrite', 'Bit28'])
  })

  it('keep a session in a browser', async () => {
    const tokens = { accessToken: 'a1', refreshToken: 'r1', expiresAt: 0, scopes: ['UserRead'] }
    const live: Session.Live = { user: { id: '1', username: 'ada' }, tokens, signedInAt: 0 }
    const renewed = { ...tokens, accessToken: 'a2', refreshToken: 'r2', expiresAt: Number.MAX_SAFE_INTEGER }
    const log: unknown[] = []
    const { session, token } = sessionOf(
      {
        refresh: async (refreshToken) => {
          log.push(refreshToken)
          return { _tag: 'Refreshed', refreshToken, tokens: renewed }
        },
        show: ({ _tag }) => log.push(_tag),
        keep: (live) => log.push(live?.tokens.refreshToken ?? null),
      },
      live,
    )
    const states = await Promise.all(Array.from({ length: 30 }, token))
    expect(states.every((state) => state._tag === 'SignedIn')).toBe(true)
    await session.dispatch({ _tag: 'SignOut' })
    expect(log).toEqual(['Refreshing', 'r1', 'SignedIn', 'r2', 'SignedOut', null])
  })
})
