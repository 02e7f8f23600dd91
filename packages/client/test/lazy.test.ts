import { describe, expect, it } from 'vitest'
import { lazyCivitaiAuth } from '../src/index.ts'

const request = new Request('http://localhost:3000/')

describe('a handler that is made before its settings are known', () => {
  it('asks for nothing until it is used, and then lists everything at once', () => {
    const auth = lazyCivitaiAuth({ env: {} })
    expect(() => auth.open(request)).toThrow(expect.objectContaining({ _tag: 'OptionsInvalid' }))
  })

  it('is the same handler from then on', async () => {
    const auth = lazyCivitaiAuth({ env: {}, clientId: 'an-app', sessionSecret: 'x'.repeat(43) })
    expect(auth.routes).toBe(auth.routes)
    expect((await auth.open(request)).session.status).toBe('signed-out')
  })
})
