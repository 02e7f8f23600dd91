/** Provider processes over one place, for a test that kills them. */
import { fork } from 'node:child_process'

export interface Running {
  readonly origin: string
  /** `kill -9`; answers when it is gone. */
  kill(): Promise<void>
}

export interface Spare {
  /** Opens the data and listens. */
  open(): Promise<Running>
  kill(): Promise<void>
}

/** A process that has everything loaded and nothing opened. */
export const spareOf = (place: string): Spare => {
  const child = fork(new URL('crash-server.ts', import.meta.url), [place], {
    execArgv: ['--conditions=@civitai-oauth/source'],
  })
  const kill = () =>
    new Promise<void>((done) => {
      child.once('exit', () => done())
      child.kill('SIGKILL')
    })
  return {
    kill,
    open: () =>
      new Promise((resolve, reject) => {
        child.once('error', reject)
        child.once('exit', (code, signal) => signal ?? reject(new Error(`exited with ${code}`)))
        child.once('message', (message) => resolve({ origin: (message as { readonly origin: string }).origin, kill }))
        child.send('open')
      }),
  }
}
