/** A long-running program of ours: started, watched until it is ready, stopped. */
import { type ChildProcess, spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'

export interface Service {
  readonly name: string
  /** The line that said it was ready. */
  readonly ready: string
  /** Settles when the program ends by itself or is stopped. */
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>
  send(signal: NodeJS.Signals): void
  /** Asks it to stop; insists after a few seconds. */
  stop(): Promise<void>
}

export interface Launch {
  readonly name: string
  /** This Node unless told. */
  readonly program?: string
  readonly script: string
  readonly args?: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** True for the line of output, without its colours, that says it is ready. */
  readonly isReady: (line: string) => boolean
  readonly readyWithinMs?: number
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? ''

/** Starts a program; rejects with one sentence if it dies or stays silent before it is ready. */
export const start = (launch: Launch): Promise<Service> =>
  new Promise((resolve, reject) => {
    const { name, program = process.execPath, script, args = [], cwd, env, isReady, readyWithinMs = 30_000 } = launch
    const child: ChildProcess = spawn(program, [script, ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    let pending = ''
    const ended = new Promise<{ code: number | null; said: string }>((done) => {
      child.once('close', (code) => done({ code, said: lastLine(said) }))
    })
    const stop = async (): Promise<void> => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const insist = setTimeout(() => child.kill('SIGKILL'), 6_000)
      await ended
      clearTimeout(insist)
    }
    const late = setTimeout(() => {
      void stop()
      reject(new Error(`${name} was not ready within ${readyWithinMs / 1000} s.`))
    }, readyWithinMs)
    child.once('close', (code) => {
      clearTimeout(late)
      reject(new Error(`${name} stopped with exit code ${code}: ${lastLine(said) || 'it said nothing'}`))
    })
    const read = (text: string): void => {
      said = (said + text).slice(-4_000)
      pending += text
      const lines = pending.split('\n')
      pending = lines.pop() ?? ''
      const ready = lines.map((line) => stripVTControlCharacters(line)).find(isReady)
      if (ready === undefined) return
      clearTimeout(late)
      resolve({ name, ready, ended, send: (signal) => void child.kill(signal), stop })
    }
    child.stdout?.setEncoding('utf8').on('data', read)
    child.stderr?.setEncoding('utf8').on('data', read)
  })
