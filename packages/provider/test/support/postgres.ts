/** A Postgres of its own for a test file, from the machine's binaries: started in a folder that goes when it ends. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'

const debian = '/usr/lib/postgresql'

const binaries = (): string => {
  const places = [
    ...(process.env['PATH'] ?? '').split(':'),
    ...(existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []),
  ]
  const found = places.find((place) => existsSync(join(place, 'initdb')))
  if (found === undefined) throw new Error('Postgres is missing: apt-get install postgresql')
  return found
}

/** initdb refuses root: there it runs as the machine's nobody. */
export const nobody = 65_534
const asNobody: { readonly uid?: number; readonly gid: number } =
  process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : { gid: process.getgid?.() ?? 0 }

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

export interface Cluster {
  readonly url: string
  /** As a crash would: connections break, nothing is said. */
  down(): Promise<void>
  up(): Promise<void>
  stop(): Promise<void>
}

const answers = async (url: string): Promise<boolean> => {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

/** Keeps everybody else from a table until it is released. */
export const holdTable = async (url: string, table: string): Promise<{ release(): Promise<void> }> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
  return { release: () => client.end() }
}

/** How many statements wait for somebody else at this moment. */
export const waitingOn = async (url: string): Promise<number> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(
    "SELECT count(*)::int AS many FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
  )
  await client.end()
  return (rows[0] as { readonly many: number }).many
}

export const startPostgres = async (settings: readonly string[] = ['fsync=off']): Promise<Cluster> => {
  const folder = mkdtempSync(join(tmpdir(), 'civitai-pg-'))
  if (asNobody.uid !== undefined) chownSync(folder, asNobody.uid, asNobody.gid)
  const place = binaries()
  const options = { ...asNobody, cwd: folder, env: { ...process.env, LC_ALL: 'C' } }
  const made = spawnSync(
    join(place, 'initdb'),
    ['-D', join(folder, 'data'), '-U', 'test', '-A', 'trust', '-N'],
    options,
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr.toString()}`)
  const port = await freePort()
  const given = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, ...settings]
  const url = `postgres://test@127.0.0.1:${port}/postgres`
  let server: ChildProcess | undefined

  const up = async () => {
    server = spawn(
      join(place, 'postgres'),
      ['-D', join(folder, 'data'), ...given.flatMap((setting) => ['-c', setting])],
      { ...options, stdio: 'ignore' },
    )
    for (let attempt = 0; !(await answers(url)); attempt++) {
      if (attempt > 400) throw new Error('Postgres did not start')
      await wait(50)
    }
  }

  const end = async (signal: 'SIGINT' | 'SIGQUIT') => {
    const ending = server
    server = undefined
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    const ended = new Promise((done) => void ending.once('exit', done))
    ending.kill(signal)
    await ended
  }

  await up()
  return {
    url,
    up,
    down: () => end('SIGQUIT'),
    stop: async () => {
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
