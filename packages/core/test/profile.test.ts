import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CivitaiQuirk, quirks } from '../src/dialects/civitai-quirks.ts'
import { civitai } from '../src/dialects/civitai.ts'
import { quaily } from '../src/dialects/quaily.ts'
import { format, parse, profileOf } from '../src/profile.ts'
import { always } from './property.ts'

const all = Object.keys(quirks) as CivitaiQuirk[]
const observed = all.filter((quirk) => quirks[quirk].observed)
const quirksOf = (text: string) => {
  const parsed = parse(text, civitai)
  return parsed._tag === 'Profile' ? [...parsed.profile.quirks] : parsed.reason
}

describe('a profile', () => {
  it('is documented, with no quirk but what contradicts no page, or observed, with all that were', () => {
    expect(quirksOf('documented')).toEqual(['device-flow', 'introspection'])
    expect(quirksOf('observed')).toEqual(observed)
    expect(observed.length).toBe(all.length - 2)
    expect([...profileOf('documented', civitai).quirks]).toEqual(quirksOf('documented'))
    expect(profileOf('observed', quaily).quirks.size).toBe(0)
  })

  it('takes single quirks in and out, the last word counts', () => {
    const bare = 'documented,-device-flow,-introspection'
    expect(quirksOf(bare)).toEqual([])
    expect(quirksOf(`${bare},+no-issuer`)).toEqual(['no-issuer'])
    expect(quirksOf(`${bare}, +no-issuer, +redirect-303, -no-issuer`)).toEqual(['redirect-303'])
    expect(quirksOf('observed,-no-issuer')).toEqual(observed.filter((quirk) => quirk !== 'no-issuer'))
    expect(quirksOf('documented,+scope-as-array')).toEqual(['device-flow', 'introspection', 'scope-as-array'])
  })

  it('says what to write when it is none', () => {
    expect(quirksOf('')).toBe('Start the profile with "documented" or "observed", not with "".')
    expect(quirksOf('strict,+no-issuer')).toBe('Start the profile with "documented" or "observed", not with "strict".')
    expect(quirksOf('documented,no-issuer')).toBe('Write +quirk or -quirk, not "no-issuer".')
    expect(parse('', civitai)._tag).toBe('Refused')
    expect(quirksOf('documented,')).toBe('Write +quirk or -quirk, not "".')
    expect(quirksOf('documented,+toString')).toBe(`There is no quirk "toString". There are: ${all.join(', ')}.`)
  })

  it('is written as it is read', () => {
    const profile = fc.record({
      name: fc.constantFrom('documented' as const, 'observed' as const),
      quirks: fc.subarray(all).map((names) => new Set(names)),
    })
    always([profile], (profile) => {
      const parsed = parse(format(profile, civitai), civitai)
      expect(parsed).toEqual({ _tag: 'Profile', profile })
    })
    expect(format(profileOf('observed', civitai), civitai)).toBe('observed')
  })
})

describe('quirks', () => {
  it('are every note of the contract on what was observed', () => {
    expect(all).toEqual([
      'no-issuer',
      'redirect-303',
      'code-5-minutes',
      'session-first',
      'extra-scope-refused',
      'unnamed-scopes',
      'no-refresh-grace',
      'refresh-ignores-scope',
      'token-limit-by-address',
      'revoke-does-nothing',
      'loopback-any-port',
      'http-allowed',
      'legacy-proxied',
      'device-flow',
      'introspection',
      'openid-discovery-only',
      'scope-as-array',
      'scope-as-number',
    ])
    expect(civitai.quirks).toBe(quirks)
  })

  it('have a name for a command line and a sentence for a person', () => {
    for (const quirk of all) {
      expect(quirk).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
      expect(quirks[quirk].sentence).toMatch(/^\S.*\.$/)
    }
  })
})
