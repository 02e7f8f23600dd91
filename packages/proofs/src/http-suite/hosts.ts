/**
 * Where the handler runs, one row each: Node, Deno and workerd with the published files beside them, and an app of every
 * framework, built with its adapter. The app is the same everywhere (`hosts/pages.ts`).
 */
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { root } from '../repository.ts'
import { type Launch, type Service, start } from '../service.ts'

/** What an app is told at its start. */
export type HostEnvironment = Readonly<Record<string, string>>

interface Place {
  /** The app's own folder, for as long as it runs. */
  readonly scratch: string
  readonly port: number
}

export interface Host {
  readonly name: string
  readonly launch: (place: Place) => Pick<Launch, 'program' | 'script' | 'args' | 'cwd' | 'isReady'>
}

const folder = join(root, 'packages/proofs/hosts')
const resolve = createRequire(import.meta.url)

/** The published client and the sources of an app without a framework, as in a folder of somebody's own. */
const unpacked = (scratch: string): void => {
  const client = join(scratch, 'node_modules/@civitai-oauth/client')
  mkdirSync(client, { recursive: true })
  for (const file of ['package.json', 'dist'])
    cpSync(join(root, 'packages/client', file), join(client, file), { recursive: true })
  for (const file of readdirSync(folder).filter((name) => /\.(ts|capnp)$/.test(name)))
    cpSync(join(folder, file), join(scratch, file))
  writeFileSync(join(scratch, 'package.json'), '{ "type": "module" }')
}

const plain = (scratch: string, name: string): void => {
  const source = readFileSync(join(scratch, `${name}.ts`), 'utf8')
  writeFileSync(join(scratch, `${name}.js`), stripTypeScriptTypes(source, { mode: 'strip' }))
}

/** SvelteKit writes its origin into the build: a copy is moved to the port at hand. */
const moved = (scratch: string, port: number): void => {
  cpSync(join(folder, 'sveltekit/build'), scratch, { recursive: true })
  for (const entry of readdirSync(scratch, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.js')) continue
    const file = join(entry.parentPath, entry.name)
    const text = readFileSync(file, 'utf8')
    if (text.includes('http://localhost:4190'))
      writeFileSync(file, text.replaceAll('http://localhost:4190', `http://localhost:${port}`))
  }
  writeFileSync(join(scratch, 'package.json'), '{ "type": "module" }')
}

const listening = (line: string): boolean => /listening/i.test(line)

export const hosts: readonly Host[] = [
  {
    name: 'Node',
    launch: ({ scratch }) => {
      unpacked(scratch)
      return { script: 'node.ts', cwd: scratch, isReady: listening }
    },
  },
  {
    name: 'Deno',
    launch: ({ scratch }) => {
      unpacked(scratch)
      const deno = (resolve('deno/install_api.cjs') as { runInstall(): string }).runInstall()
      const allowed = ['--allow-net', '--allow-env', '--allow-read=.', '--no-prompt', '--no-lock', '--no-remote']
      return { program: deno, script: 'run', args: [...allowed, 'deno.ts'], cwd: scratch, isReady: listening }
    },
  },
  {
    name: 'workerd',
    launch: ({ scratch, port }) => {
      unpacked(scratch)
      for (const name of ['worker', 'app', 'pages']) plain(scratch, name)
      const { default: workerd } = resolve('workerd') as { readonly default: string }
      const args = ['worker.capnp', `--socket-addr=http=127.0.0.1:${port}`, '--control-fd=1']
      return { program: workerd, script: 'serve', args, cwd: scratch, isReady: (line) => line.includes('"listen"') }
    },
  },
  {
    name: 'SvelteKit',
    launch: ({ scratch, port }) => {
      moved(scratch, port)
      return { script: 'index.js', cwd: scratch, isReady: listening }
    },
  },
  {
    name: 'Nuxt',
    launch: () => ({ script: '.output/server/index.mjs', cwd: join(folder, 'nuxt'), isReady: listening }),
  },
  {
    name: 'Hono, beside React',
    launch: () => ({ script: 'hono.ts', cwd: folder, isReady: listening }),
  },
]

export const startHost = ({ name, launch }: Host, place: Place, env: HostEnvironment): Promise<Service> =>
  start({
    name: `The app on ${name}`,
    readyWithinMs: 60_000,
    ...launch(place),
    // Nothing of this machine's own settings: what an app knows is what it is told here.
    env: { PATH: process.env['PATH'], HOME: place.scratch, HOST: '127.0.0.1', PORT: String(place.port), ...env },
  })
