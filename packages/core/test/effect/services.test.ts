import { describe, expect, it } from 'vitest'
import { AttemptStore, Randomness, SessionStore, TokenEndpoint, UserAgent } from '../../src/effect/index.ts'

describe('services', () => {
  it('have keys of their own, so that no other package answers for them', () => {
    const services = { AttemptStore, Randomness, SessionStore, TokenEndpoint, UserAgent }
    for (const [name, { key }] of Object.entries(services)) expect(key).toBe(`@civitai-oauth/core/${name}`)
  })
})
