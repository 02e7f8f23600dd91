/** The demos that the start command runs beside the emulator: one row each, left out while its folder is not there. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './repository.ts'
import { type Service, start } from './service.ts'

export interface Demo {
  readonly title: string
  /** The package, and the name under which the emulator registers it. */
  readonly name: string
  readonly port: number
  /** Its built server, below its folder. */
  readonly server: string
}

const demos: readonly Demo[] = [
  { title: 'SvelteKit demo', name: 'demo-sveltekit', port: 4101, server: 'build/index.js' },
  { title: 'Nuxt demo', name: 'demo-nuxt', port: 4102, server: '.output/server/index.mjs' },
]

/** Those that exist. */
export const presentDemos = (): readonly Demo[] =>
  demos.filter(({ name }) => existsSync(join(root, 'apps', name, 'src')) || existsSync(join(root, 'apps', name, 'app')))

export interface Credentials {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string
  readonly sessionSecret: string
}

/** What a demo's server reads from its environment. */
const environmentOf = (port: number, credentials: Credentials): Readonly<Record<string, string>> => ({
  HOST: '127.0.0.1',
  PORT: String(port),
  CIVITAI_ORIGIN: `http://localhost:${port}`,
  CIVITAI_ISSUER: credentials.issuer,
  CIVITAI_API_ORIGIN: credentials.issuer,
  CIVITAI_CLIENT_ID: credentials.clientId,
  ...(credentials.clientSecret === undefined ? {} : { CIVITAI_CLIENT_SECRET: credentials.clientSecret }),
  CIVITAI_SESSION_SECRET: credentials.sessionSecret,
})

/** Runs a demo's built server on a port. */
export const startDemo = (demo: Demo, port: number, credentials: Credentials): Promise<Service> => {
  const folder = join(root, 'apps', demo.name)
  return start({
    name: `The ${demo.title}`,
    script: join(folder, demo.server),
    cwd: folder,
    env: { ...process.env, ...environmentOf(port, credentials) },
    isReady: (line) => /listening/i.test(line),
  })
}
