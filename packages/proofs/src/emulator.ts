/** The built emulator as a program of its own, as a person would run it. */
import { commandLine } from './repository.ts'
import { type Service, start } from './service.ts'

/** The emulator's `--json` line. */
export interface Ready {
  readonly issuer: string
  readonly portal: string
  readonly control: string
  readonly users: readonly { readonly username: string }[]
  readonly apps: readonly { readonly name: string; readonly clientId: string; readonly clientSecret?: string }[]
}

export interface RunningEmulator {
  readonly service: Service
  readonly ready: Ready
}

/** `civitai-oauth dev --json` with these arguments more. */
export const startEmulator = async (cwd: string, ...args: string[]): Promise<RunningEmulator> => {
  const service = await start({
    name: 'The emulator',
    script: commandLine,
    args: ['dev', '--json', ...args],
    cwd,
    env: process.env,
    isReady: (line) => line.startsWith('{'),
  })
  return { service, ready: JSON.parse(service.ready) as Ready }
}
