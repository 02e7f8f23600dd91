import { describe, expect, it } from 'vitest'
import { postgres } from '../../src/postgres/index.ts'
import { startPostgres } from '../support/postgres.ts'
import { revokePath, type Tokens, tokenPath, worldOf } from '../support/world.ts'

describe('when Postgres goes away', () => {
  it('X2 X3 the answer is 503 with Retry-After, to a revocation too, and it recovers by itself without spending twice', async () => {
    const cluster = await startPostgres()
    const world = await worldOf({ storage: postgres({ url: cluster.url, connections: 3, waitMs: 1000 }) })
    const client = await world.register()
    const tokens = await world.tokensFor(client, await world.browserOf(world.bob))

    await cluster.down()
    const during = await world.refresh(client, tokens.refresh_token)
    expect(during.status).toBe(503)
    expect(during.headers.get('retry-after')).toMatch(/^\d+$/)
    const revoked = await world.post(revokePath, { token: tokens.refresh_token, ...world.credentials(client) })
    expect(revoked.status).toBe(503)
    expect(revoked.headers.get('retry-after')).toMatch(/^\d+$/)
    expect((await world.get('/readyz')).status).toBe(503)
    expect((await world.get('/healthz')).status).toBe(200)
    await cluster.up()

    const answers: string[] = []
    while (answers.length < 3) {
      const response = await world.refresh(client, tokens.refresh_token)
      if (response.status === 200) answers.push(await response.text())
      else expect(response.status).toBe(503)
    }
    expect(new Set(answers).size).toBe(1)
    const next = JSON.parse(answers[0] as string) as Tokens
    expect((await world.userinfo(next.access_token)).status).toBe(200)

    await world.provider.close()
    await cluster.stop()
  })

  it('a database that is not there is one sentence, without the password', async () => {
    const source = postgres({ url: 'postgres://ada:hunter2@127.0.0.1:1/none', waitMs: 500 })
    await expect(source.open()).rejects.toMatchObject({
      _tag: 'StorageCannotOpen',
      message: expect.stringMatching(/^Cannot open the Postgres database at 127\.0\.0\.1:1\/none: .+\. .+\.$/),
    })
    await source.open().catch((error: Error) => expect(error.message).not.toContain('hunter2'))
  })

  it('H4 characters that Postgres holds no text for are a 4xx', async () => {
    const cluster = await startPostgres()
    const world = await worldOf({ storage: postgres({ url: cluster.url }) })
    for (const odd of ['%00', '%ED%A0%80', 'a%00b']) {
      const body = `grant_type=refresh_token&client_id=${odd}&refresh_token=${odd}&client_secret=${odd}`
      expect((await world.post(tokenPath, body)).status).toBeLessThan(500)
      expect((await world.get(`/api/auth/oauth/authorize?client_id=${odd}&state=${odd}`)).status).toBe(400)
    }
    await world.provider.close()
    await cluster.stop()
  })
})
