/**
 * What is packed, used by somebody who has only its README: a new project outside the workspace, the lines pasted, the
 * types checked, built, signed in to. Everyday runs try the plain server; `pnpm verify` tries every framework.
 */
import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from '../src/browser.ts'
import type { RunningEmulator } from '../src/emulator.ts'
import { freePort } from '../src/free-port.ts'
import { type Consumer, type Program, type Serving, consumers } from '../src/pack-consumers.ts'
import { unpackInto } from '../src/pack-files.ts'
import {
  type Project,
  blockFrom,
  createProject,
  environment,
  installLines,
  removeCommands,
} from '../src/pack-project.ts'
import { type PackRegistry, fileInTarball, servePacked } from '../src/pack-registry.ts'
import { control, signInByHand, signInWithBrowser, visitorOf } from '../src/pack-sign-in.ts'
import { type Tarball, packAll } from '../src/pack.ts'
import { root } from '../src/repository.ts'
import { start } from '../src/service.ts'

const minutes = 60_000
const full = process.env['VERIFY'] !== undefined
const scratch = mkdtempSync(join(tmpdir(), 'civitai-oauth-packed-'))
let tarballs: readonly Tarball[]
let registry: PackRegistry
let tools: Project | undefined
let emulator: RunningEmulator
let browser: Browser | undefined

/** The folder of an installed command line: by its README's package from the registry, or offline with what is here. */
const installTools = async (): Promise<string> => {
  if (!full) {
    for (const tarball of tarballs) unpackInto(scratch, tarball)
    return scratch
  }
  tools = await createProject('tools', registry.url)
  await tools.sh('pnpm add @civitai-oauth/cli')
  return tools.folder
}

beforeAll(async () => {
  tarballs = await packAll(scratch)
  registry = await servePacked(tarballs)
  const cwd = await installTools()
  const service = await start({
    name: 'The packed emulator',
    script: 'node_modules/@civitai-oauth/cli/bin/civitai-oauth.js',
    args: ['dev', '--json', '--memory', '--port', '0'],
    cwd,
    env: environment(),
    isReady: (line) => line.startsWith('{'),
  })
  emulator = { service, ready: JSON.parse(service.ready) as RunningEmulator['ready'] }
  if (full) browser = await launch()
}, 5 * minutes)

afterAll(async () => {
  await browser?.close()
  await emulator?.service.stop()
  await registry?.close()
  tools?.remove()
  rmSync(scratch, { recursive: true, force: true })
  removeCommands()
})

interface Served {
  readonly origin: string
  stop(): Promise<void>
}

/** What the README tells to put into `.env`, for an app that is registered with this origin. */
const settingsFor = async (consumer: Consumer, origin: string): Promise<Record<string, string>> => {
  const app = await control<{ clientId: string; clientSecret?: string }>(emulator, 'apps', {
    name: 'Somebody’s first app',
    redirectUris: [`${origin}/oauth/callback`],
    type: consumer.withoutServer ? 'public' : 'confidential',
    scopes: ['UserRead', 'BuzzRead', 'AIServicesWrite'],
    owner: 'ada',
  })
  const { issuer } = emulator.ready
  if (consumer.withoutServer) return { VITE_CIVITAI_CLIENT_ID: app.clientId, VITE_CIVITAI_ISSUER: issuer }
  return {
    CIVITAI_CLIENT_ID: app.clientId,
    CIVITAI_CLIENT_SECRET: app.clientSecret ?? '',
    CIVITAI_SESSION_SECRET: randomBytes(32).toString('base64'),
    CIVITAI_ISSUER: issuer,
  }
}

/** The app on a free port: registered, built where it has to be, and started. */
const serve = async (project: Project, consumer: Consumer, serving: Serving): Promise<Served> => {
  const [port, besides] = [await freePort(), await freePort()]
  const origin = `http://localhost:${port}`
  const settings = { ...(await settingsFor(consumer, origin)), ...serving.env(origin, port, besides) }
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  project.write('.env', lines.join(''))
  if (serving.build !== undefined) await project.sh(serving.build)
  const run = ({ script, args, env, ready }: Program, on: number) =>
    start({
      name: 'The app',
      script,
      args: args(on),
      cwd: project.folder,
      env: { ...environment(), ...env(origin, on, besides) },
      isReady: (line) => ready.test(line),
      readyWithinMs: minutes,
    })
  const other = serving.beside && (await run(serving.beside, besides))
  const service = await run(serving, port)
  return { origin, stop: async () => void (await Promise.all([service.stop(), other?.stop()])) }
}

/** Where a page for people who are signed in sends somebody who is not. */
const sentTo = async (origin: string, guarded: string): Promise<string> => {
  const answer = await visitorOf(origin).go(guarded)
  const { pathname, searchParams } = new URL(answer.headers.get('location') ?? '/nowhere', origin)
  return `${pathname} for ${searchParams.get('returnTo')}`
}

/** In, seen by the server on the next page, and out. */
const tellOver = async (origin: string): Promise<readonly unknown[]> => {
  const visitor = visitorOf(origin)
  const session = async () => ((await (await visitor.go('/oauth/session')).json()) as { status: string }).status
  const before = [(await visitor.go('/')).status, await session()]
  const landing = await signInByHand(emulator, visitor, 'ben', true)
  const page = await visitor.go(landing)
  const signedIn = [landing, page.status, await session()]
  const out = await visitor.post('/oauth/sign-out')
  return [...before, ...signedIn, out.status, await session()]
}
const told = [200, 'signed-out', '/', 200, 'signed-in', 303, 'signed-out']

const tried = consumers.filter(({ everyday }) => full || everyday)

describe.each(tried)('somebody new who follows the README: $name', (consumer) => {
  let project: Project
  afterAll(() => project?.remove())

  it(
    'installs and pastes',
    async () => {
      const { name, starter, files, install, paste, sections, readme: of } = consumer
      const tarball = tarballs.find((one) => one.name === `@civitai-oauth/${of}`) as Tarball
      const readme = fileInTarball(tarball.file, 'README.md')
      project = await createProject(name.replaceAll(/[^\w.-]+/g, '-'), registry.url, starter)
      for (const one of files) cpSync(join(root, 'packages/proofs/consumers', one), project.folder, { recursive: true })
      for (const line of ['pnpm install', ...install, ...installLines(readme, sections)]) await project.sh(line)
      for (const [from, to] of Object.entries(paste)) project.write(to, blockFrom(readme, from))
    },
    5 * minutes,
  )

  it.each(full ? consumer.types : [])(
    'finds every type with TypeScript $typescript',
    async ({ add, command }) => {
      await project.sh(`pnpm add -D ${add} && ${command}`)
    },
    5 * minutes,
  )

  it.each(consumer.run === undefined ? [] : [consumer.run])(
    'runs %s',
    async (command) => {
      await project.sh(command)
    },
    5 * minutes,
  )

  it.each(consumer.servings)(
    'signs a person in and out $title',
    async (serving) => {
      const { origin, stop } = await serve(project, consumer, serving)
      try {
        if (!consumer.withoutServer) expect(await tellOver(origin)).toEqual(told)
        const { guarded } = consumer
        if (guarded !== undefined) expect(await sentTo(origin, guarded)).toBe(`/oauth/sign-in for ${guarded}`)
        const how = { words: consumer.words, firstTime: consumer.withoutServer === true }
        if (browser && serving.inBrowser) expect(await signInWithBrowser(emulator, browser, origin, how)).toEqual([])
      } finally {
        await stop()
      }
    },
    5 * minutes,
  )
})
