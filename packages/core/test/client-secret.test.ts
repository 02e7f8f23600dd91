import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Secret, digestOf, issueSecret } from '../src/client-secret.ts'

describe('a secret', () => {
  it('T6 is never printed by accident', () => {
    const secret = new Secret('canary')
    const printed = [String(secret), `${secret}`, JSON.stringify({ secret }), inspect(secret), inspect({ secret })]
    expect(printed.join()).not.toContain('canary')
    expect(printed.every((text) => text.includes('<redacted>'))).toBe(true)
    expect(secret.reveal()).toBe('canary')
  })

  it('is issued with a prefix, and kept as a digest only', async () => {
    const { reveal, kept } = await issueSecret(new Uint8Array(32).fill(1), 1000)
    expect(reveal.reveal()).toBe(`civitai_secret_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE`)
    expect(kept).toEqual({ digest: await digestOf(reveal.reveal()), issuedAt: 1000 })
    expect(JSON.stringify({ reveal, kept })).not.toContain('AQEB')
  })

  it('has the SHA-256 digest of FIPS 180-2', async () => {
    expect(await digestOf('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  })

  it('T7 is made of 256 random bits at the least', async () => {
    await expect(issueSecret(new Uint8Array(31), 0)).rejects.toThrow('32 random bytes')
  })
})
