/** The app's own account, at the real server. */
import { type TestServer, startProvider } from '@civitai-oauth/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCivitaiAuth } from '../src/auth.ts'
import type { Environment } from '../src/options.ts'

let server: TestServer
beforeEach(async () => {
  server = await startProvider()
})
afterEach(() => server.close())

const start = async (type: 'confidential' | 'public' = 'confidential', env: Environment = {}) => {
  const app = await server.registerApp({ redirectUris: ['http://localhost:3992/oauth/callback'], type })
  return createCivitaiAuth({ env: { ...app.env, CIVITAI_SESSION_SECRET: 'x'.repeat(32), ...env } })
}
const tokenRequests = () => server.log().filter(({ path }) => path.endsWith('/oauth/token')).length

describe('an app in its own name', () => {
  it('acts as its owner, with one token for all who ask at once', async () => {
    const auth = await start()
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => (await (await auth.asOwner()).fetch('/api/v1/me')).json()),
    )
    expect(answers).toEqual(answers.map(() => expect.objectContaining({ username: 'ada' })))
    expect(tokenRequests()).toBe(1)
  })

  it('asks for less, and gets a token of its own for it', async () => {
    const auth = await start()
    const all = await (await auth.asOwner()).accessToken()
    const less = await (await auth.asOwner('UserRead')).accessToken()
    expect(all).not.toBe(less)
    expect((await (await auth.asOwner('UserRead')).fetch('/api/v1/me')).status).toBe(200)
  })

  it('uses the other secret of its list when one was rotated away', async () => {
    const app = await server.registerApp({ redirectUris: ['http://localhost:3992/oauth/callback'] })
    const auth = createCivitaiAuth({
      env: { ...app.env, CIVITAI_SESSION_SECRET: 'x'.repeat(32), CIVITAI_CLIENT_SECRET: `old,${app.clientSecret}` },
    })
    expect((await (await auth.asOwner()).fetch('/api/v1/me')).status).toBe(200)
  })

  it.each([
    ['a public app', 'public', {}, [], 'unauthorized_client', 'Only a confidential app may act as its owner'],
    ['a wrong secret', 'confidential', { CIVITAI_CLIENT_SECRET: 'wrong' }, [], 'invalid_client', 'client secret'],
    ['a scope too many', 'confidential', {}, ['ModelsDelete'], 'invalid_scope', 'registered with'],
  ] as const)('is told what to mend: %s', async (_, type, env, scopes, error, words) => {
    const auth = await start(type, env)
    const owner = await auth.asOwner(...scopes)
    await expect(owner.accessToken()).rejects.toMatchObject({
      _tag: 'ExchangeRefused',
      detail: { error },
      message: expect.stringContaining(words),
    })
  })

  it('K8 takes its token nowhere else', async () => {
    const auth = await start()
    const owner = await auth.asOwner()
    await expect(owner.fetch('https://evil.example/')).rejects.toMatchObject({ _tag: 'OriginNotAllowed' })
    expect(tokenRequests()).toBe(0)
  })
})
