/** Provider processes over one place, for a test that kills them. */
import { fork } from 'node:child_process'

export interface Running {
  readonly origin: string
  /** `kill -9`; answers when it is gone. */
  kill(): Promise<void>
}

export interface Spare {
  /** Settles when everything is loaded; `open` need not wait for it. */
  readonly loaded: Promise<unknown>
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
      if (child.exitCode !== null || child.signalCode !== null) return done()
      child.once('exit', () => done())
      child.kill('SIGKILL')
    })
  const said = (name: 'loaded' | 'origin'): Promise<string> =>
    new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => signal ?? reject(new Error(`exited with ${code}`)))
      child.on('message', (message: Readonly<Record<string, string>>) => {
        if (message[name] !== undefined) resolve(message[name])
      })
    })
  const loaded = said('loaded')
  // Whoever does not wait for it hears of a failure when it opens.
  loaded.catch(() => {})
  return {
    loaded,
    kill,
    open: async () => {
      const listening = said('origin')
      child.send('open')
      return { origin: await listening, kill }
    },
  }
}
