/** The demos that the start command runs beside the emulator: one row each, left out while its folder is not there. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

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

export const demosIn = (root: string): readonly Demo[] =>
  demos.filter(({ name }) => existsSync(join(root, 'apps', name, 'src')) || existsSync(join(root, 'apps', name, 'app')))

export const folderOf = (root: string, demo: Demo): string => join(root, 'apps', demo.name)

export interface Credentials {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string
  readonly sessionSecret: string
}

/** What a demo's server reads from its environment. */
export const environmentOf = (port: number, credentials: Credentials): Readonly<Record<string, string>> => ({
  HOST: '127.0.0.1',
  PORT: String(port),
  CIVITAI_ORIGIN: `http://localhost:${port}`,
  CIVITAI_ISSUER: credentials.issuer,
  CIVITAI_API_ORIGIN: credentials.issuer,
  CIVITAI_CLIENT_ID: credentials.clientId,
  ...(credentials.clientSecret === undefined ? {} : { CIVITAI_CLIENT_SECRET: credentials.clientSecret }),
  CIVITAI_SESSION_SECRET: credentials.sessionSecret,
})
