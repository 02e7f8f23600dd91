/**
 * All that the wire and the portal's operations promise, once more over Postgres: the same tests as over SQLite, but for
 * the few that name a place of their own.
 */
import { afterAll, beforeAll, describe } from 'vitest'
import { databasesOf } from '../support/databases.ts'
import { type Cluster, startPostgres } from '../support/postgres.ts'
import { keepWorldsIn } from '../support/world.ts'

let cluster: Cluster
const databases = databasesOf(() => cluster.url)
beforeAll(async () => {
  cluster = await startPostgres(['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'])
})
afterAll(async () => {
  await databases.close()
  await cluster.stop()
})

describe('over Postgres', async () => {
  keepWorldsIn(databases.source)
  await import('../accounts/accounts.test.ts')
  await import('../apps.test.ts')
  await import('../authorize/authorize.test.ts')
  await import('../authorize/consent.test.ts')
  await import('../authorize/posted.test.ts')
  await import('../civitai/profile.test.ts')
  await import('../device/device.test.ts')
  await import('../limits.test.ts')
  await import('../quaily/quaily.test.ts')
  await import('../resource/userinfo.test.ts')
  await import('../resource/workflows.test.ts')
  await import('../staff.test.ts')
  await import('../token/caller-limit.test.ts')
  await import('../token/client-authentication.test.ts')
  await import('../token/code.test.ts')
  await import('../token/refresh.test.ts')
  await import('../token/revoke.test.ts')
})
