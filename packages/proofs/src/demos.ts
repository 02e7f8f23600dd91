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
  /** What `pnpm dev` runs, where that is one program, and the line that says it is ready. */
  readonly development?: { readonly script: string; readonly args: readonly string[]; readonly ready: RegExp }
}

const demos: readonly Demo[] = [
  {
    title: 'SvelteKit demo',
    name: 'demo-sveltekit',
    port: 4101,
    server: 'build/index.js',
    originInBuild: true,
    development: { script: 'node_modules/vite/bin/vite.js', args: ['dev', '--strictPort'], ready: /Local:/ },
  },
  {
    title: 'Nuxt demo',
    name: 'demo-nuxt',
    port: 4102,
    server: '.output/server/index.mjs',
    development: { script: 'node_modules/nuxt/bin/nuxt.mjs', args: ['dev', '--no-fork'], ready: /server built/ },
  },
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

/** Runs a demo as its developer does, from its sources. */
export const startInDevelopment = (demo: Demo, credentials: Credentials, port: number): Promise<Service> => {
  if (demo.development === undefined) throw new Error(`The ${demo.title} has no development server of its own.`)
  const { script, args, ready } = demo.development
  const folder = join(root, 'apps', demo.name)
  // Frameworks say less where they believe themselves in a test.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(NODE_ENV|TEST|VITEST.*)$/.test(name)),
  )
  return start({
    name: `The ${demo.title}, in development`,
    script: join(folder, script),
    args: [...args, '--host', '127.0.0.1', '--port', String(port)],
    cwd: folder,
    env: { ...env, NUXT_TELEMETRY_DISABLED: '1', ...environmentOf(port, credentials) },
    isReady: (line) => ready.test(line),
    readyWithinMs: 120_000,
  })
}
