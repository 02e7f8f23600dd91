/** The demos that the start command runs beside the emulator: one row each, left out while its folder is not there. */
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './repository.ts'
import { type Service, start } from './service.ts'

export interface Demo {
  readonly title: string
  /** The package, and the name under which the emulator registers it. */
  readonly name: string
  readonly port: number
  /** Its built server, below its folder. */
  readonly server: string
  /** The framework writes the app's origin into its build. */
  readonly originInBuild?: boolean
}

const demos: readonly Demo[] = [
  { title: 'SvelteKit demo', name: 'demo-sveltekit', port: 4101, server: 'build/index.js', originInBuild: true },
  { title: 'Nuxt demo', name: 'demo-nuxt', port: 4102, server: '.output/server/index.mjs' },
  { title: 'React demo', name: 'demo-react', port: 4103, server: 'server/index.ts' },
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

/** A copy of a build, with another origin in it. */
const copyFor = (demo: Demo, port: number, scratch: string): string => {
  const folder = join(scratch, demo.name)
  cpSync(join(root, 'apps', demo.name, dirname(demo.server)), join(folder, dirname(demo.server)), { recursive: true })
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.m?js$/.test(entry.name)) continue
    const file = join(entry.parentPath, entry.name)
    const text = readFileSync(file, 'utf8')
    const moved = text.replaceAll(`http://localhost:${demo.port}`, `http://localhost:${port}`)
    if (moved !== text) writeFileSync(file, moved)
  }
  return folder
}

/** Runs a demo's built server on its own port or on another; `scratch` holds a copy of the build where one is needed. */
export const startDemo = (
  demo: Demo,
  credentials: Credentials,
  elsewhere?: { readonly port: number; readonly scratch: string },
): Promise<Service> => {
  const port = elsewhere?.port ?? demo.port
  const copied = elsewhere !== undefined && demo.originInBuild === true
  const folder = copied ? copyFor(demo, port, elsewhere.scratch) : join(root, 'apps', demo.name)
  return start({
    name: `The ${demo.title}`,
    script: join(folder, demo.server),
    cwd: folder,
    env: { ...process.env, ...environmentOf(port, credentials) },
    isReady: (line) => /listening/i.test(line),
  })
}
