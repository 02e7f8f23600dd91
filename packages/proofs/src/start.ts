/**
 * The start command: `npx -y pnpm@12 start`. Builds what it needs, runs the emulator and the demos, prints one table of
 * addresses, and stops them all on Ctrl-C.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, relative } from 'node:path'
import { presentDemos, startDemo } from './demos.ts'
import { type Ready, startEmulator } from './emulator.ts'
import { root } from './repository.ts'
import type { Service } from './service.ts'
import { run } from './step.ts'

const data = join(root, '.civitai')
const emulatorPort = 4100
const demos = presentDemos()

const isFree = (port: number): Promise<boolean> =>
  new Promise((settle) => {
    const probe = createServer()
    probe.once('error', () => settle(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => settle(true)))
  })

const checkPorts = async (): Promise<void> => {
  for (const port of [emulatorPort, ...demos.map((demo) => demo.port)])
    if (!(await isFree(port))) throw new Error(`Port ${port} is busy: stop what is listening there and start again.`)
}

const build = async (): Promise<void> => {
  console.log('Building (the first time takes a minute) …')
  const filters = ['cli', ...demos.map(({ name }) => name)].map((name) => `--filter=@civitai-oauth/${name}`)
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', NUXT_TELEMETRY_DISABLED: '1' }
  const turbo = join(root, 'node_modules', '.bin', 'turbo')
  const built = await run(
    turbo,
    ['run', 'build', '--output-logs=errors-only', '--concurrency=100%', ...filters],
    root,
    env,
  )
  if (built.code !== 0) throw new Error(`${built.output}\nThe build failed: what it says above is what to mend.`)
}

/** Kept beside the emulator's data, so that a restart signs nobody out. */
const sessionSecret = (): string => {
  const file = join(data, 'demo-session-secret')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

const services: Service[] = []
const stopAll = async (): Promise<void> => {
  await Promise.all(services.map((service) => service.stop()))
}

const startAll = async (): Promise<Ready> => {
  const { service, ready } = await startEmulator(root, '--port', String(emulatorPort), '--data', data)
  services.push(service)
  const secret = sessionSecret()
  await Promise.all(
    demos.map(async (demo) => {
      const app = ready.apps.find(({ name }) => name === demo.name)
      if (app === undefined)
        throw new Error(`The emulator has no app named ${demo.name}: delete ${data} and start again.`)
      const credentials = { ...app, issuer: ready.issuer, sessionSecret: secret }
      const service = await startDemo(demo, credentials)
      services.push(service)
    }),
  )
  return ready
}

const table = (ready: Ready): string => {
  const rows: readonly (readonly [string, string, string])[] = [
    [
      'Portal',
      ready.issuer,
      `sign in as ${ready.users.map(({ username }) => username).join(', ')}: one click, no password`,
    ],
    ...demos.map((demo) => [demo.title, `http://localhost:${demo.port}`, 'sign in with Civitai'] as const),
    ['Demo secrets', relative(root, join(data, 'samples.json')), 'readable by you alone'],
  ]
  const lines = rows.map(([what, where, note]) => `  ${what.padEnd(16)}${where.padEnd(26)}${note}`)
  return `\n${lines.join('\n')}\n\n  Ctrl-C stops everything.\n`
}

let stopping = false
const stopOn = (signal: NodeJS.Signals): void => {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    void stopAll()
  })
}
stopOn('SIGINT')
stopOn('SIGTERM')

try {
  await checkPorts()
  await build()
  console.log(table(await startAll()))
  const first = await Promise.race(
    services.map((service) => service.ended.then((end) => ({ ...end, name: service.name }))),
  )
  if (!stopping) throw new Error(`${first.name} stopped with exit code ${first.code}: ${first.said}`)
} catch (error) {
  if (!stopping) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
} finally {
  stopping = true
  await stopAll()
}
