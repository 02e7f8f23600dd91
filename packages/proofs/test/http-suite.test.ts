/** One HTTP suite, unchanged, on every host: Node, Deno and workerd with the published client, and each framework's adapter. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProvider } from '@civitai-oauth/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { freePort } from '../src/free-port.ts'
import { startApi } from '../src/http-suite/api.ts'
import { hosts, startHost } from '../src/http-suite/hosts.ts'
import type { Stage } from '../src/http-suite/stage.ts'
import { httpStories } from '../src/http-suite/stories.ts'

describe.each(hosts)('the handler on $name', (host) => {
  let stage: Stage
  const ends: (() => unknown)[] = []

  beforeAll(async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'civitai-oauth-host-'))
    ends.push(() => rmSync(scratch, { recursive: true, force: true }))
    const server = await startProvider()
    ends.push(() => server.close())
    const api = await startApi(server.issuer)
    ends.push(() => api.close())
    const port = await freePort()
    const origin = `http://localhost:${port}`
    const app = await server.registerApp({ redirectUris: [`${origin}/oauth/callback`] })
    const service = await startHost(
      host,
      { scratch, port },
      {
        ...app.env,
        CIVITAI_API_ORIGIN: api.origin,
        CIVITAI_ORIGIN: origin,
        CIVITAI_SESSION_SECRET: randomBytes(32).toString('base64url'),
      },
    )
    ends.push(() => service.stop())
    stage = { origin, app, server, api }
  }, 60_000)

  afterAll(async () => {
    for (const end of ends.toReversed()) await end()
  })

  httpStories(() => stage)
})
