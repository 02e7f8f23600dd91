/**
 * Where a story is told: a demo that runs against an emulator of its own. The three demos are one app, so every story has
 * the same words on each; a stage says how it is started and what it can do.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type Control, controlOf } from './control.ts'
import { presentDemos, startDemo, startInDevelopment } from './demos.ts'
import { type RunningEmulator, startEmulator } from './emulator.ts'
import { freePort } from './free-port.ts'
import { startSpa } from './spa.ts'

export interface Stage {
  /** The app's name on the consent page too. */
  readonly title: string
  readonly origin: string
  readonly clientId: string
  stop(): Promise<void>
}

export interface Production {
  readonly title: string
  /** Its pages come ready-made: they work without JavaScript. */
  readonly rendersOnServer: boolean
  /** `development`: with the warnings that a framework leaves out of what it builds for production. */
  start(theatre: Theatre, options?: { readonly development?: boolean }): Promise<Stage>
}

/** An emulator that stands through the whole performance, and can be taken down and brought back as it was. */
export interface Theatre {
  readonly issuer: string
  readonly control: Control
  readonly scratch: string
  takeDown(): Promise<void>
  bringBack(): Promise<void>
  close(): Promise<void>
}

export const openTheatre = async (scratch: string): Promise<Theatre> => {
  const port = String(await freePort())
  const start = (): Promise<RunningEmulator> =>
    startEmulator(scratch, '--port', port, '--data', join(scratch, 'emulator'))
  let emulator = await start()
  const takeDown = (): Promise<void> => emulator.service.stop()
  return {
    issuer: emulator.ready.issuer,
    control: controlOf(emulator.ready.control),
    scratch,
    takeDown,
    bringBack: async () => {
      emulator = await start()
    },
    close: takeDown,
  }
}

const register = async (title: string, type: 'confidential' | 'public', { control }: Theatre) => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const redirectUris = [`${origin}/oauth/callback`]
  const app = await control.registerApp({ name: title, redirectUris, type, preset: 'AI Services', owner: 'ada' })
  return { ...app, port, origin }
}

const withServer = (title: string, name: string, rendersOnServer: boolean): Production => ({
  title,
  rendersOnServer,
  start: async (theatre, { development = false } = {}) => {
    const demo = presentDemos().find((one) => one.name === name)
    if (demo === undefined) throw new Error(`There is no ${name}.`)
    const { port, origin, ...app } = await register(title, 'confidential', theatre)
    const sessionSecret = randomBytes(32).toString('base64url')
    const scratch = join(theatre.scratch, String(port))
    const credentials = { ...app, issuer: theatre.issuer, sessionSecret }
    const service = development
      ? await startInDevelopment(demo, credentials, port)
      : await startDemo(demo, credentials, { port, scratch })
    return { title, origin, clientId: app.clientId, stop: () => service.stop() }
  },
})

const withoutServer = (title: string): Production => ({
  title,
  rendersOnServer: false,
  start: async (theatre, { development = false } = {}) => {
    const { port, origin, clientId } = await register(title, 'public', theatre)
    const folder = join(theatre.scratch, String(port))
    const spa = await startSpa({ clientId, issuer: theatre.issuer, port, folder, development })
    return { title, origin, clientId, stop: () => spa.stop() }
  },
})

export const productions: readonly Production[] = [
  withServer('SvelteKit', 'demo-sveltekit', true),
  withServer('Nuxt', 'demo-nuxt', true),
  withServer('React beside Hono', 'demo-react', false),
  withoutServer('React without a server'),
]
