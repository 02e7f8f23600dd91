import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Verifier,
  base64url,
  challengeOf,
  isChallenge,
  isS256Challenge,
  parseVerifier,
  proves,
  s256,
  verifierOf,
} from '../src/pkce.ts'
import { alwaysAsync } from './property.ts'

// RFC 7636 appendix B.
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

describe('a verifier', () => {
  it('C5 is 43 to 128 unreserved characters', () => {
    for (const good of [verifier, 'a'.repeat(43), 'a'.repeat(128), `${'a'.repeat(39)}-._~`])
      expect(parseVerifier(good)).toBe(good)
    for (const bad of [
      '',
      'a'.repeat(42),
      'a'.repeat(129),
      `${'a'.repeat(43)}+`,
      `${'a'.repeat(43)}\n`,
      ` ${'a'.repeat(43)}`,
    ])
      expect(parseVerifier(bad)).toBeUndefined()
  })

  it('T7 is made of 32 random bytes, and not of fewer', () => {
    expect(verifierOf(new Uint8Array(32).fill(255))).toBe('_'.repeat(42) + '8')
    expect(verifierOf(new Uint8Array(96))).toHaveLength(128)
    for (const length of [0, 31, 97])
      expect(() => verifierOf(new Uint8Array(length))).toThrow('made of 32 to 96 random bytes')
  })
})

describe('a challenge', () => {
  it('is the one of RFC 7636 appendix B', async () => {
    expect(await s256(verifier)).toBe(challenge)
    expect(await challengeOf(verifier as Verifier, 'S256')).toBe(challenge)
    expect(await challengeOf(verifier as Verifier, 'plain')).toBe(verifier)
  })

  it('has the form of its method: 43 characters whose last has no spare bits, or a verifier', () => {
    expect(isS256Challenge(challenge)).toBe(true)
    for (const bad of [
      `${challenge}A`,
      challenge.slice(1),
      `${challenge.slice(0, 42)}N`,
      `${challenge}=`,
      `+${challenge.slice(1)}`,
    ])
      expect([bad, isS256Challenge(bad)]).toEqual([bad, false])
    expect(isChallenge('a'.repeat(128), 'plain')).toBe(true)
    expect(isChallenge('a'.repeat(42), 'plain')).toBe(false)
    expect(isChallenge('a'.repeat(128), 'S256')).toBe(false)
    expect(isChallenge(challenge, 'S256')).toBe(true)
  })

  it('is proved by its own verifier only', async () => {
    expect(await proves(verifier, challenge, 'S256')).toBe(true)
    expect(await proves(verifier, verifier, 'plain')).toBe(true)
    expect(await proves(challenge, challenge, 'S256')).toBe(false)
    expect(await proves(verifier, challenge, 'plain')).toBe(false)
    expect(await proves(`${verifier}a`, verifier, 'plain')).toBe(false)
    expect(await proves(verifier, `${verifier}a`, 'plain')).toBe(false)
    expect(await proves(`${verifier.slice(0, -1)}a`, verifier, 'plain')).toBe(false)
  })

  it('C5 is not proved by a malformed verifier, even where both are the same', async () => {
    expect(await proves('short', 'short', 'plain')).toBe(false)
    expect(await proves('short', await s256('short'), 'S256')).toBe(false)
    expect(await proves('', '', 'plain')).toBe(false)
  })

  it('is proved for every verifier there is', async () => {
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 96 })
    await alwaysAsync([bytes, bytes], async (one, other) => {
      const mine = await challengeOf(verifierOf(one), 'S256')
      expect(isS256Challenge(mine)).toBe(true)
      expect(await proves(verifierOf(one), mine, 'S256')).toBe(true)
      expect(await proves(verifierOf(other), mine, 'S256')).toBe(base64url(one) === base64url(other))
    })
  })
})

describe('base64url', () => {
  it('has no padding and no reserved characters', () => {
    expect(base64url(Uint8Array.of(251, 255, 190))).toBe('-_--')
    expect(base64url(Uint8Array.of(1))).toBe('AQ')
    expect(base64url(Uint8Array.of())).toBe('')
    for (const bytes of [Uint8Array.of(255, 255, 255), crypto.getRandomValues(new Uint8Array(50))])
      expect(base64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
  })
})
