/** The React demo as a public client: built once, and served by nothing but files. */
import { readFileSync, existsSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import { extname, join } from 'node:path'
import { root } from './repository.ts'
import { run } from './step.ts'

const demo = join(root, 'apps/demo-react')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

export interface SpaOptions {
  readonly clientId: string
  readonly issuer: string
  readonly port: number
  /** Where the build goes. */
  readonly folder: string
  /** Builds what a developer sees: React's own warnings are in it. */
  readonly development?: boolean
}

const build = async ({ clientId, issuer, folder, development = false }: SpaOptions): Promise<void> => {
  const mode = development ? 'development' : 'production'
  const built = await run(
    join(demo, 'node_modules/.bin/vite'),
    ['build', 'spa', '--outDir', folder, '--emptyOutDir', '--mode', mode, '--logLevel', 'warn'],
    demo,
    { ...process.env, NODE_ENV: mode, VITE_CIVITAI_CLIENT_ID: clientId, VITE_CIVITAI_ISSUER: issuer },
  )
  if (built.code !== 0) throw new Error(built.output)
}

/** Every address that names no file is the one page, as a host of such apps is set up. */
const serve = (folder: string, port: number): Promise<Server> => {
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    const asked = /^(\/[\w-]+)+(\.[\w-]+)+$/.test(pathname) ? join(folder, pathname) : ''
    const file = existsSync(asked) ? asked : join(folder, 'index.html')
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
    response.end(readFileSync(file))
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)))
}

export const startSpa = async (options: SpaOptions): Promise<{ stop(): Promise<void> }> => {
  await build(options)
  const server = await serve(options.folder, options.port)
  return {
    stop: async () => {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
