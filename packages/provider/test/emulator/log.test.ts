import { describe, expect, it } from 'vitest'
import { cleaned, redact } from '../../src/emulator/log.ts'
import { mint } from '../../src/token.ts'

describe('what the log of an emulator shows', () => {
  const secrets = [mint('token', 'civitai_'), mint('code', 'civitai_'), mint('secret'), mint('apiKey')]

  it.each(secrets)('T6 no secret that went astray: in a path, in a name, or where an app id belongs', (secret) => {
    const path = cleaned(`/quaily/api/oauth/apps/${secret}/x`)
    const parameters = redact([
      [secret, 'x'],
      ['client_id', secret],
      ['refresh_token', secret],
      ['redirect_uri', `https://app.example.com/cb?token=${secret}`],
    ])
    expect(JSON.stringify([path, parameters])).not.toContain(secret.slice(-40))
    expect(parameters).toMatchObject({ refresh_token: '<redacted>', redirect_uri: expect.stringMatching(/^https:/) })
  })

  it('what an app sends on purpose, as it came', () => {
    const shown = [
      ['client_id', '0b9d3c52-6a53-4a1e-9f3b-0c5c1f2d7a11'],
      ['redirect_uri', 'http://localhost:4101/oauth/callback'],
      ['scope', '33554431'],
    ] as const
    expect(redact(shown)).toEqual(Object.fromEntries(shown))
  })

  it('no more of a long one than is useful', () => {
    expect(redact([['scope', 'a '.repeat(30_000)]])['scope']?.length).toBeLessThan(2_100)
  })
})
