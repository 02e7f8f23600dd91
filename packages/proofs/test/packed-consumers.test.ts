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
import { type Serving, consumers } from '../src/pack-consumers.ts'
import { type Project, blockFrom, createProject, environment, installLine } from '../src/pack-project.ts'
import { type PackRegistry, fileInTarball, servePacked } from '../src/pack-registry.ts'
import { control, signInByHand, signInWithBrowser, visitorOf } from '../src/pack-sign-in.ts'
import { type Tarball, packAll } from '../src/pack.ts'
import { root } from '../src/repository.ts'
import { type Service, start } from '../src/service.ts'

const minutes = 60_000
const scratch = mkdtempSync(join(tmpdir(), 'civitai-oauth-packed-'))
let tarballs: readonly Tarball[]
let registry: PackRegistry
let tools: Project
let emulator: RunningEmulator
let browser: Browser

beforeAll(async () => {
  tarballs = await packAll(scratch)
  registry = await servePacked(tarballs)
  tools = await createProject('tools', registry.url)
  await tools.sh('pnpm add @civitai-oauth/cli')
  const service = await start({
    name: 'The packed emulator',
    script: 'node_modules/@civitai-oauth/cli/bin/civitai-oauth.js',
    args: ['dev', '--json', '--memory', '--port', '0'],
    cwd: tools.folder,
    env: environment(),
    isReady: (line) => line.startsWith('{'),
  })
  emulator = { service, ready: JSON.parse(service.ready) as RunningEmulator['ready'] }
  browser = await launch()
}, 5 * minutes)

afterAll(async () => {
  await browser?.close()
  await emulator?.service.stop()
  await registry?.close()
  tools?.remove()
  rmSync(scratch, { recursive: true, force: true })
})

/** The app on a free port, with the `.env` that the README names: registered, and started. */
const serve = async (project: Project, serving: Serving): Promise<{ service: Service; origin: string }> => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const app = await control<{ clientId: string; clientSecret: string }>(emulator, 'apps', {
    name: 'Somebody’s first app',
    redirectUris: [`${origin}/oauth/callback`],
    type: 'confidential',
    scopes: ['UserRead', 'BuzzRead', 'AIServicesWrite'],
    owner: 'ada',
  })
  const settings = {
    CIVITAI_CLIENT_ID: app.clientId,
    CIVITAI_CLIENT_SECRET: app.clientSecret,
    CIVITAI_SESSION_SECRET: randomBytes(32).toString('base64'),
    CIVITAI_ISSUER: emulator.ready.issuer,
    ...serving.env(origin, port),
  }
  project.write(
    '.env',
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  if (serving.build) await project.sh(serving.build)
  const service = await start({
    name: 'The app',
    script: serving.script,
    args: serving.args(port),
    cwd: project.folder,
    env: { ...environment(), ...serving.env(origin, port) },
    isReady: (line) => serving.ready.test(line),
    readyWithinMs: minutes,
  })
  return { service, origin }
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

const full = process.env['VERIFY'] !== undefined
const tried = consumers.filter(({ everyday }) => full || everyday)

describe.each(tried)('somebody new who follows the README: $name', (consumer) => {
  let project: Project
  afterAll(() => project?.remove())

  it(
    'installs and pastes',
    async () => {
      const { name, starter, files, install, paste, readme: of } = consumer
      const tarball = tarballs.find((one) => one.name === `@civitai-oauth/${of}`) as Tarball
      const readme = fileInTarball(tarball.file, 'README.md')
      project = await createProject(name.replaceAll(' ', '-'), registry.url, starter)
      if (files !== undefined)
        cpSync(join(root, 'packages/proofs/consumers', files), project.folder, { recursive: true })
      await project.sh(['pnpm install', install, installLine(readme)].filter(Boolean).join(' && '))
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

  it.each(consumer.servings)(
    'signs a person in and out $title',
    async (serving) => {
      const { service, origin } = await serve(project, serving)
      try {
        expect(await tellOver(origin)).toEqual(told)
        if (serving.inBrowser) expect(await signInWithBrowser(emulator, browser, origin, consumer.words)).toEqual([])
      } finally {
        await service.stop()
      }
    },
    5 * minutes,
  )
})
