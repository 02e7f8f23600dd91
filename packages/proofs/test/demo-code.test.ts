/** The demos as code: few lines of sign-in, nothing private, one look; and adapters that stay thin. */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sourcesOf, specifiersOf, workspacesOf } from '../src/arrows.ts'
import { glueOf } from '../src/glue.ts'
import { root } from '../src/repository.ts'

const most = 12

/** Where each demo signs people in: the server's hook, the session handed to the page, the way in and the way out. */
const paths: readonly { readonly title: string; readonly demo: string; readonly files: readonly string[] }[] = [
  {
    title: 'SvelteKit',
    demo: 'demo-sveltekit',
    files: ['src/hooks.server.ts', 'src/app.d.ts', 'src/routes/+layout.server.ts', 'src/routes/+layout.svelte'],
  },
  { title: 'Nuxt', demo: 'demo-nuxt', files: ['nuxt.config.ts', 'app/app.vue'] },
  {
    title: 'React beside Hono',
    demo: 'demo-react',
    files: ['server/index.ts', 'src/main.tsx', 'src/header.tsx'],
  },
  { title: 'React without a server', demo: 'demo-react', files: ['spa/main.tsx', 'src/header.tsx'] },
]

describe('lines of glue in the auth path', () => {
  it.each(paths)(`are ${most} or fewer for $title`, ({ title, demo, files }) => {
    const lines = glueOf(demo, files)
    const shown = lines.map(({ file, line, text }) => `  ${file}:${line}  ${text}`).join('\n')
    console.log(`Lines of glue, ${title}: ${lines.length} (at most ${most})\n${shown}`)
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.length).toBeLessThanOrEqual(most)
  })
})

const workspaces = workspacesOf(root)
const workspace = (name: string) => {
  const found = workspaces.find((one) => one.name === name)
  if (found === undefined) throw new Error(`There is no ${name}.`)
  return found
}

/** What a package offers to those who install it. */
const offered = (name: string): readonly string[] => {
  const file = join(workspace(name).folder, 'package.json')
  const { exports } = JSON.parse(readFileSync(file, 'utf8')) as { exports: Record<string, unknown> }
  return Object.keys(exports).map((entry) => `@civitai-oauth/${name}${entry.slice(1)}`)
}

const demos = ['demo-sveltekit', 'demo-nuxt', 'demo-react']
const folders = ['src', 'app', 'server', 'spa']

const codeOf = (demo: string): readonly string[] => folders.flatMap((folder) => sourcesOf(workspace(demo), folder))

describe('a demo', () => {
  it.each(demos)('%s imports what is published, and nothing else of ours', (demo) => {
    const files = codeOf(demo)
    expect(files.length).toBeGreaterThan(5)
    const ours = files
      .flatMap((file) => specifiersOf(file, readFileSync(file, 'utf8')))
      .filter((specifier) => specifier.includes('civitai-oauth') || /(^|\/)packages\//.test(specifier))
    const published = ['client', 'sveltekit', 'nuxt', 'react'].flatMap(offered)
    expect(ours.filter((specifier) => !published.includes(specifier))).toEqual([])
  })

  it('looks like the others: one stylesheet, one list of states', () => {
    const read = (file: string) => readFileSync(join(root, 'apps', file), 'utf8')
    const sheets = ['demo-sveltekit/src/app.css', 'demo-nuxt/app/assets/app.css', 'demo-react/src/app.css'].map(read)
    const states = ['demo-sveltekit/src/lib/states.ts', 'demo-nuxt/app/utils/states.ts', 'demo-react/src/states.ts']
    expect(new Set(sheets).size).toBe(1)
    expect(new Set(states.map(read)).size).toBe(1)
  })

  it('speaks to the API with the same code on every server', () => {
    const servers = ['demo-sveltekit/src/lib/civitai.server.ts', 'demo-nuxt/server/utils/civitai.ts']
    const body = (file: string) => readFileSync(join(root, 'apps', file), 'utf8').replace(/^import .*\n/gm, '')
    expect(new Set([...servers, 'demo-react/server/civitai.ts'].map(body)).size).toBe(1)
  })
})

/** Words of the protocol that only who reads or writes a message of it needs. */
const protocol =
  /\b(code_verifier|code_challenge|grant_type|refresh_token|access_token|client_secret|redirect_uri|response_type|invalid_grant|insufficient_scope|www-authenticate|authorization_code|token_endpoint|expires_in)\b/i

describe.each(['sveltekit', 'nuxt', 'react'])('the adapter %s', (name) => {
  const one = workspace(name)
  const files = sourcesOf(one).map((file) => ({ file: relative(one.folder, file), text: readFileSync(file, 'utf8') }))

  it('has sources of under 300 lines each', () => {
    expect(files.filter(({ text }) => text.split('\n').length >= 300).map(({ file }) => file)).toEqual([])
  })

  it('parses no protocol message: it names no parameter of one', () => {
    expect(files.filter(({ text }) => protocol.test(text)).map(({ file }) => file)).toEqual([])
  })
})
