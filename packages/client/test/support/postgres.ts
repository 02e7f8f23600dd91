/** A Postgres of the test's own, on a socket in a folder of its own. It refuses to run as root: then it runs as nobody. */
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'

const binaries = (): string => {
  const debian = '/usr/lib/postgresql'
  const [newest] = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  return newest === undefined ? '' : `${debian}/${newest}/bin/`
}

const nobody = (): { readonly uid: number; readonly gid: number } | undefined => {
  if (process.getuid?.() !== 0) return
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  const [, , uid, gid] = (users.find((line) => line.startsWith('postgres:')) ?? 'nobody:x:65534:65534').split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

export interface TestPostgres {
  readonly pool: Pool
  close(): Promise<void>
}

export const startPostgres = async (): Promise<TestPostgres> => {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  const user = nobody()
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const as = { ...user, cwd: folder }
  execFileSync(`${binaries()}initdb`, ['-D', data, '-U', 'test', '-A', 'trust', '--no-sync', '-E', 'UTF8'], {
    ...as,
    stdio: 'ignore',
  })
  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off', 'max_connections=20']
  const server = spawn(`${binaries()}postgres`, ['-D', data, ...settings.flatMap((one) => ['-c', one])], as)
  await new Promise<void>((done, fail) => {
    server.stderr.on('data', (text: Buffer) => text.includes('ready to accept connections') && done())
    server.once('error', fail)
    server.once('exit', (code) => fail(new Error(`postgres ended with ${code}`)))
  })
  const pool = new Pool({ host: folder, user: 'test', database: 'postgres', max: 10 })
  return {
    pool,
    close: async () => {
      await pool.end()
      const ended = new Promise((done) => server.once('exit', done))
      server.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
