/** One step of the test command: a program that passes or fails, its output shown only when it fails. */
import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'

export interface Outcome {
  readonly name: string
  readonly passed: number
  readonly failed: number
  readonly seconds: number
  /** What the program printed, or what to do. */
  readonly output: string
}

export interface Ran {
  readonly code: number
  readonly output: string
  readonly seconds: number
}

/** Runs a program to its end with no stdin, and keeps what it prints. */
export const run = (command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ran> =>
  new Promise((resolve) => {
    const from = performance.now()
    const parts: string[] = []
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const done = (code: number): void =>
      resolve({ code, output: parts.join(''), seconds: (performance.now() - from) / 1000 })
    child.stdout.setEncoding('utf8').on('data', (text: string) => parts.push(text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => parts.push(text))
    child.on('error', (error) => {
      parts.push(`${command}: ${error.message}\n`)
      done(127)
    })
    child.on('close', (code) => done(code ?? 1))
  })

/** A program as one check. */
export const check = async (
  name: string,
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Outcome> => {
  const ran = await run(command, args, cwd, env)
  const passed = ran.code === 0
  return { name, passed: passed ? 1 : 0, failed: passed ? 0 : 1, seconds: ran.seconds, output: ran.output }
}
