/** A real Nuxt build of `test/fixture`, its server as a process of its own, and people with browsers. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { TestServer } from '@civitai-oauth/testing'

const fixture = fileURLToPath(new URL('fixture/', import.meta.url))
const nuxt = fileURLToPath(new URL('../node_modules/nuxt/bin/nuxt.mjs', import.meta.url))
const env = { ...process.env, NODE_ENV: 'production', NUXT_TELEMETRY_DISABLED: '1' }

/** Where the build is. */
export const output = `${fixture}.output`

export const build = (): Promise<unknown> => promisify(execFile)(process.execPath, [nuxt, 'build', fixture], { env })

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

/** Resolves once the server says that it listens; rejects with what it said instead. */
const listening = (child: ChildProcess) =>
  new Promise<void>((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said += chunk
      if (said.includes('Listening on')) resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(said)))
  })

export interface Person {
  /** As a browser goes to a page: cookies kept, redirects not followed. The path goes out as it is spelled. */
  visit(path: string, headers?: Record<string, string>): Promise<Response>
}

export interface BuiltNuxt {
  readonly origin: string
  anybody(): Person
  signedIn(user: string): Promise<Person>
  close(): void
}

export const startBuilt = async (provider: TestServer, base = '/'): Promise<BuiltNuxt> => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const app = await provider.registerApp({ redirectUris: [`${origin}${base}oauth/callback`] })
  const server = spawn(process.execPath, [`${output}/server/index.mjs`], {
    env: {
      ...env,
      ...app.env,
      CIVITAI_SESSION_SECRET: randomBytes(32).toString('base64url'),
      HOST: '127.0.0.1',
      PORT: String(port),
      NUXT_APP_BASE_URL: base,
    },
  })
  await listening(server)

  const anybody = (): Person => {
    const jar = new Map<string, string>()
    return {
      visit: async (path, headers = {}) => {
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
        const answer = await fetch(path.startsWith('http') ? path : origin + path, {
          redirect: 'manual',
          headers: { accept: 'text/html', 'sec-fetch-dest': 'document', cookie, ...headers },
        })
        for (const line of answer.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
          if (line.includes('Max-Age=0')) jar.delete(name)
          else jar.set(name, value)
        }
        return answer
      },
    }
  }
  return {
    origin,
    anybody,
    signedIn: async (user) => {
      const person = anybody()
      const leaving = await person.visit(`${base}oauth/sign-in?returnTo=${base}`)
      await person.visit(await provider.approve(leaving.headers.get('location') ?? '', { user }))
      return person
    },
    close: () => void server.kill(),
  }
}
