/** What is packed, looked at before anybody installs it: its manifest, its files, its types, and each entry in Node. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Problem, checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Unpacked, entriesOf, targetsOf, unpackInto } from '../src/pack-files.ts'
import { type Tarball, packAll, publishedNames } from '../src/pack.ts'

const scratch = mkdtempSync(join(tmpdir(), 'civitai-oauth-packed-'))
const names = publishedNames()
const tarballs = new Map<string, Tarball>()
const packed = new Map<string, Unpacked>()

const tarballOf = (name: string) => tarballs.get(name) as Tarball
const unpacked = (name: string) => packed.get(name) as Unpacked

beforeAll(async () => {
  for (const tarball of await packAll(scratch)) {
    tarballs.set(tarball.name, tarball)
    packed.set(tarball.name, unpackInto(scratch, tarball))
  }
}, 120_000)

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/**
 * Faults for nobody: CommonJS, and Node before it read `exports`, are not served by a package of modules; and a Svelte
 * component is resolved by bundlers, never by Node.
 */
const isForNobody = (problem: Problem): boolean =>
  ('resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind)) ||
  (problem.kind === 'InternalResolutionError' && problem.moduleSpecifier.endsWith('.svelte'))

/** What somebody must have who installs one. Libraries that only types need are optional, or not there. */
const peers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '@civitai-oauth/sveltekit': { '@sveltejs/kit': '^2.20.0 || ^3.0.0', svelte: '^5.0.0' },
  '@civitai-oauth/nuxt': { nuxt: '^4.5.0', nitropack: '^2.13.0', vue: '^3.5.0' },
  '@civitai-oauth/react': { react: '^18.3.0 || ^19.0.0' },
  '@civitai-oauth/core': { effect: '^4.1.0' },
}

/** Entries that only the framework's own build can read: components, and what imports `$app/…`. */
const forBuilds = [
  '@civitai-oauth/sveltekit/client',
  '@civitai-oauth/sveltekit/components',
  '@civitai-oauth/nuxt/components',
]

describe.each(names)('%s, packed', (name) => {
  it('follows every rule for packages', async () => {
    const data = readFileSync(tarballOf(name).file)
    const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  }, 60_000)

  it('has types wherever it has code', async () => {
    const checked = await checkPackage(createPackageFromTarballData(readFileSync(tarballOf(name).file)))
    if (!checked.types) throw new Error('no types at all')
    expect(checked.problems.filter((problem) => !isForNobody(problem))).toEqual([])
  }, 60_000)

  it('leads to files that are there, also for its own workspace’s condition', () => {
    const { files } = unpacked(name)
    expect(targetsOf(unpacked(name)).filter((target) => !files.includes(target.slice(2)))).toEqual([])
  })

  it('says what it is, and depends on versions that a registry knows', () => {
    const { manifest, files } = unpacked(name)
    const { license, type, sideEffects, engines, dependencies = {}, peerDependencies = {} } = manifest
    expect({ license, type, sideEffects, engines }).toEqual({
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=22.19' },
    })
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md']))
    const ranges = Object.values({ ...dependencies, ...peerDependencies })
    expect(ranges.filter((range) => !/^[\^~]?\d/.test(range))).toEqual([])
    expect(peerDependencies).toEqual(peers[name] ?? {})
  })

  it('carries what runs and what explains it, and no test, bench or setting of ours', () => {
    const ours = /(^|\/)(test|bench|coverage|\.turbo)\/|tsconfig|vitest\.config|\.tsbuildinfo$|\.env/
    expect(unpacked(name).files.filter((file) => !file.startsWith('portal/') && ours.test(file))).toEqual([])
  })

  it('can be imported in Node with only what it declares', () => {
    const entries = entriesOf(unpacked(name)).filter((entry) => !forBuilds.includes(entry))
    const script = `for (const entry of ${JSON.stringify(entries)}) await import(entry); process.exit(0)`
    const env = { ...process.env, NODE_OPTIONS: '' }
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: scratch, env, stdio: 'pipe' })
  }, 60_000)
})

describe('who adds the client or an adapter', () => {
  const closure = (name: string): readonly string[] =>
    Object.keys(unpacked(name).manifest.dependencies ?? {}).flatMap((one) =>
      one.startsWith('@civitai-oauth/') ? [one, ...closure(one)] : [one],
    )

  it.each([
    ['@civitai-oauth/core', []],
    ['@civitai-oauth/client', ['@civitai-oauth/core']],
    ['@civitai-oauth/react', ['@civitai-oauth/client', '@civitai-oauth/core']],
    ['@civitai-oauth/sveltekit', ['@civitai-oauth/client', '@civitai-oauth/core']],
    ['@civitai-oauth/nuxt', ['@civitai-oauth/client', '@civitai-oauth/core', '@nuxt/kit', 'h3']],
  ])('gets nothing that is not needed with %s', (name, all) => {
    expect(closure(name).toSorted()).toEqual(all)
  })

  it('has a portal in the command line', () => {
    expect(unpacked('@civitai-oauth/cli').files).toEqual(expect.arrayContaining(['portal/handler.js']))
  })
})
