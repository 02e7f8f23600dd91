import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type QuailyScope, quaily, scopeNames } from '../../src/dialects/quaily.ts'
import { always } from '../property.ts'
import { vectors } from '../vectors.ts'

const { scopes } = quaily
const set = fc.subarray<QuailyScope>([...scopeNames])

describe('the Quaily dialect', () => {
  it('is what the wire contract says', () => {
    const { scopes: _, ...rest } = quaily
    expect(rest).toEqual({
      name: 'quaily',
      title: 'Quaily',
      hosts: 'two',
      production: { auth: 'https://quaily.com', api: 'https://api.quaily.com' },
      endpoints: { authorize: '/oauth/authorize', token: '/oauth/token', userinfo: '/oauth/userinfo', revoke: null },
      pkce: { required: true, methods: ['S256', 'plain'], absent: 'S256' },
      state: 'optional',
      responseType: 'optional',
      clientAuthentication: 'none',
      grants: ['authorization_code', 'refresh_token'],
      redirectUris: 'one',
      trust: { flag: 'trusted', effect: 'unlocks-scopes' },
      lifetimes: { code: 600, access: 2_592_000, refresh: 31_536_000 },
      tokenPrefix: '',
      accessSurvivesRefresh: true,
      echoesScope: false,
      sendsExpiry: true,
      envelope: 'data-ts',
      errors: {
        '10001': 'invalid_token',
        '10002': 'invalid_grant',
        '10006': 'invalid_grant',
        '10007': 'invalid_grant',
        '10010': 'invalid_grant',
        '90001': 429,
        '90003': 'invalid_request',
        '90004': 'invalid_client',
        '-1': 503,
      },
      subject: 'pairwise',
      revokes: 'app',
      buzzLimits: false,
      discovery: false,
      sendsIssuer: false,
      quirks: {},
    })
  })
})

describe("Quaily's scopes", () => {
  it('are the words of the contract, with its labels, implications and trusted-only rule', () => {
    expect(scopes.wire).toBe('words')
    expect(scopes.names).toEqual(vectors.quaily.scopes.map(({ name }) => name))
    for (const { name, label, implies = [], requiresTrusted = false } of vectors.quaily.scopes) {
      const scope = name as QuailyScope
      expect(scopes.label(scope)).toBe(label)
      expect(scopes.withImplied([scope])).toEqual(scopes.setOf([name, ...implies]))
      expect(scopes.trustedOnly.includes(scope)).toBe(requiresTrusted)
    }
    expect([scopes.baseline, scopes.underBuzzLimit, scopes.deletes, scopes.reserved]).toEqual([[], [], [], []])
    expect(scopes.spends).toEqual(['credit.full'])
  })

  it('are read and written with spaces between them', () => {
    expect(scopes.parse('post.write  user.full ')).toEqual(['user.full', 'post.write'])
    expect(scopes.parse('')).toEqual([])
    expect(scopes.format(['post.write', 'user.full'])).toBe(['user.full', 'post.write'].join(vectors.quaily.separator))
    for (const wire of ['user.ful', 'user.full,post.write', 'USER.FULL', 114689, ['user.full'], null, undefined])
      expect(scopes.parse(wire)).toBeUndefined()
    always([set], (wish) => {
      expect(scopes.parse(scopes.format(wish))).toEqual(scopes.setOf(wish))
    })
  })

  it('cover what they imply, and nothing more', () => {
    expect(scopes.contains(['credit.full'], ['credit.read'])).toBe(true)
    expect(scopes.contains(['credit.read'], ['credit.full'])).toBe(false)
    expect(scopes.contains(['user.full', 'post.write'], ['user.public', 'post.write'])).toBe(true)
    always([set, set], (granted, required) => {
      const held = scopes.withImplied(granted)
      expect(scopes.contains(granted, required)).toBe(required.every((scope) => held.includes(scope)))
      expect(scopes.withImplied(held)).toEqual(held)
    })
  })

  it('are told from what is no scope', () => {
    expect(scopes.isKnown('user.full')).toBe(true)
    expect(scopes.isKnown('UserRead')).toBe(false)
    expect(scopes.setOf(['post.write', 'nonsense', 'user.full', 'post.write'])).toEqual(['user.full', 'post.write'])
  })
})
