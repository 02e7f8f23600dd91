/** The command line as its own process, from its source. */
import { type ChildProcess, spawn } from 'node:child_process'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const program = ['--conditions=@civitai-oauth/source', fileURLToPath(new URL('../src/bin.ts', import.meta.url))]

export type Environment = Readonly<Record<string, string>>

const environment = (more: Environment): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], ...more })

/** A port that nothing listens on at this moment. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

export interface Ended {
  readonly code: number | null
  readonly out: string
}

/** A command that ends by itself. */
export const command = (args: readonly string[], env: Environment): Promise<Ended> =>
  new Promise((resolve) => {
    const child: ChildProcess = spawn(process.execPath, [...program, ...args], { env: environment(env) })
    let said = ''
    const read = (text: string) => void (said += text)
    child.stdout?.setEncoding('utf8').on('data', read)
    child.stderr?.setEncoding('utf8').on('data', read)
    child.once('close', (code) => resolve({ code, out: said.trim() }))
  })

export interface Running {
  /** Everything it has printed. */
  said(): string
  stop(): void
  readonly ended: Promise<number | null>
}

/** A command that goes on, once it has printed this. */
const started = (args: readonly string[], env: Environment, ready: string): Promise<Running> =>
  new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(process.execPath, [...program, ...args], { env: environment(env) })
    let said = ''
    const ended = new Promise<number | null>((done) => void child.once('close', (code) => done(code)))
    void ended.then((code) => reject(new Error(`${args[0]} ended with ${code}: ${said}`)))
    const running: Running = { said: () => said, stop: () => void child.kill('SIGTERM'), ended }
    const read = (text: string) => {
      said += text
      if (said.includes(ready)) resolve(running)
    }
    child.stdout?.setEncoding('utf8').on('data', read)
    child.stderr?.setEncoding('utf8').on('data', read)
  })

export const served = (args: readonly string[], env: Environment): Promise<Running> =>
  started(['serve', ...args], env, '"message":"ready"')

/** `dev --json`, and its line. */
export const developed = async (
  args: readonly string[],
): Promise<{ readonly running: Running; readonly line: Line }> => {
  const running = await started(['dev', '--json', ...args], {}, '}\n')
  return { running, line: JSON.parse(running.said()) as Line }
}

export interface Line {
  readonly issuer: string
  readonly users: readonly { readonly username: string }[]
  readonly apps: readonly { readonly name: string; readonly clientId: string; readonly clientSecret?: string }[]
}
