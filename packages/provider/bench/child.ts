/** A server in a process of its own, so that the load does not share its event loop. */
import { fork } from 'node:child_process'

export interface Child<Ready> {
  readonly ready: Ready
  stop(): Promise<void>
}

export const start = <Ready>(script: string, args: readonly string[]): Promise<Child<Ready>> =>
  new Promise((resolve, reject) => {
    const child = fork(new URL(script, import.meta.url), args, { execArgv: ['--conditions=@civitai-oauth/source'] })
    child.once('error', reject)
    child.once('message', (message) =>
      resolve({
        ready: message as Ready,
        stop: () => new Promise<void>((done) => void (child.once('exit', () => done()), child.kill('SIGKILL'))),
      }),
    )
  })
