/** Four provider processes over one Postgres, each with latency of its own: nobody wins twice. */
import { fork, type ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgres } from '../../src/postgres/index.ts'
import { type Cluster, startPostgres } from '../support/postgres.ts'
import { callback, type Client, type Tokens, tokenPath, verifier, type World, worldOf } from '../support/world.ts'

interface Process {
  readonly child: ChildProcess
  readonly origin: string
}

describe('four processes on one database', () => {
  let cluster: Cluster
  let processes: readonly Process[]
  let world: World
  let client: Client

  const start = (url: string): Promise<Process> =>
    new Promise((resolve, reject) => {
      const child = fork(new URL('../support/serve.ts', import.meta.url), [url], {
        execArgv: ['--conditions=@civitai-oauth/source'],
      })
      child.once('message', (message) => resolve({ child, origin: (message as { readonly origin: string }).origin }))
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`exited with ${code}`)))
    })

  beforeAll(async () => {
    cluster = await startPostgres()
    const storage = postgres({ url: cluster.url })
    world = await worldOf({ storage })
    // The processes tell the real time; the codes and tokens made here must be good then.
    world.clock.advance((Date.now() - world.clock.now()) / 1000)
    client = await world.register()
    processes = await Promise.all([1, 2, 3, 4].map(() => start(cluster.url)))
  })

  afterAll(async () => {
    await Promise.all(
      processes.map(({ child }) => new Promise((done) => (child.once('exit', done), child.kill('SIGTERM')))),
    )
    await world.provider.close()
    await cluster.stop()
  })

  const everywhere = (times: number, fields: Readonly<Record<string, string>>): Promise<readonly Response[]> =>
    Promise.all(
      Array.from({ length: times }, (_, at) =>
        fetch((processes[at % processes.length] as Process).origin + tokenPath, {
          method: 'POST',
          body: new URLSearchParams({ ...world.credentials(client), ...fields }),
        }),
      ),
    )

  it('C3 of fifty who redeem one code exactly one wins', async () => {
    const code = await world.codeFor(client, await world.browserOf(world.bob))
    const answers = await everywhere(50, {
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: callback,
    })
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(49)
  })

  it('F2 fifty who refresh make one generation, and every caller gets that answer', async () => {
    const tokens = await world.tokensFor(client, await world.browserOf(world.bob))
    const fields = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
    const answers = await Promise.all((await everywhere(50, fields)).map((response) => response.text()))
    expect(new Set(answers).size).toBe(1)
    const next = JSON.parse(answers[0] as string) as Tokens
    expect((await world.userinfo(next.access_token)).status).toBe(200)
  })

  it('T4 what is taken back in one is dead in all at once', async () => {
    const tokens = await world.tokensFor(client, await world.browserOf(world.bob))
    const ask = () =>
      Promise.all(
        processes.map(async ({ origin }) => {
          const headers = { authorization: `Bearer ${tokens.access_token}` }
          return (await fetch(`${origin}/api/auth/oauth/userinfo`, { headers })).status
        }),
      )
    expect(await ask()).toEqual([200, 200, 200, 200])
    await world.provider.grants.revoke(world.bob, client.id)
    expect(await ask()).toEqual([401, 401, 401, 401])
  })
})
