/**
 * What a page loads, as two bundlers make it: minified, gzipped, each chunk by itself, the framework not counted. The
 * budgets are DESIGN's; a README that states a figure states this one.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Plugin, build, transform } from 'esbuild'
import { rolldown } from 'rolldown'
import { describe, expect, it } from 'vitest'
import { root } from '../src/repository.ts'

const condition = '@civitai-oauth/source'
/** What Nuxt's bundler knows of a browser. */
const define = { 'import.meta.server': 'false', 'import.meta.client': 'true' }
/** Frameworks are there already. */
const isFramework = (id: string) => /^(react|vue|svelte|nuxt|\$app)(\/|$)/.test(id)

interface Chunks {
  /** What is loaded with the page. */
  readonly initial: number
  readonly all: number
}

const bytesOf = (text: string) => gzipSync(text, { level: 9 }).byteLength
const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0)

interface Compiler {
  compileModule(
    source: string,
    options: { filename: string; generate: 'client' },
  ): { readonly js: { readonly code: string } }
}
const { compileModule } = (await import(
  pathToFileURL(createRequire(join(root, 'packages/sveltekit/package.json')).resolve('svelte/compiler')).href
)) as Compiler

/** Runes are compiled as an app's bundler does. */
const compiled = async (path: string): Promise<string> => {
  const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'ts', target: 'esnext' })
  return compileModule(code, { filename: path, generate: 'client' }).js.code
}

const svelte: Plugin = {
  name: 'svelte',
  setup: ({ onLoad, onResolve }) => {
    onLoad({ filter: /\.svelte\.ts$/ }, async ({ path }) => ({ contents: await compiled(path) }))
    onResolve({ filter: /^(react|vue|svelte|nuxt|\$app)(\/|$)/ }, ({ path }) => ({ path, external: true }))
  },
}

const bundlers: Record<string, (folder: string, entry: string) => Promise<Chunks>> = {
  esbuild: async (folder, contents) => {
    const { outputFiles, metafile } = await build({
      stdin: { contents, resolveDir: folder, loader: 'ts' },
      bundle: true,
      minify: true,
      splitting: true,
      format: 'esm',
      target: 'es2022',
      outdir: 'out',
      conditions: [condition],
      define,
      plugins: [svelte],
      metafile: true,
      write: false,
      absWorkingDir: root,
    })
    const text = new Map(outputFiles.map((file) => [file.path, file.text]))
    const chunk = (path: string) => bytesOf(text.get(join(root, path)) ?? '')
    const loaded = new Set<string>()
    const load = (path: string): void => {
      loaded.add(path)
      for (const one of metafile.outputs[path]?.imports ?? [])
        if (one.kind === 'import-statement' && !one.external && !loaded.has(one.path)) load(one.path)
    }
    load('out/stdin.js')
    return { initial: sum([...loaded].map(chunk)), all: sum(Object.keys(metafile.outputs).map(chunk)) }
  },
  rolldown: async (folder, contents) => {
    const entry = join(folder, 'page-of-the-size-test.ts')
    const bundle = await rolldown({
      input: entry,
      external: isFramework,
      resolve: { conditionNames: [condition, 'import', 'default'] },
      transform: { define },
      plugins: [
        {
          name: 'entry',
          resolveId: (id) => (id === entry ? id : undefined),
          load: async (id) =>
            id === entry
              ? contents
              : id.endsWith('.svelte.ts')
                ? { code: await compiled(id), moduleType: 'js' }
                : undefined,
        },
      ],
    })
    const { output } = await bundle.generate({ minify: true })
    const chunks = output.filter((file) => file.type === 'chunk')
    const loaded = new Set<string>()
    const load = (name: string): void => {
      loaded.add(name)
      for (const one of chunks.find((chunk) => chunk.fileName === name)?.imports ?? []) if (!loaded.has(one)) load(one)
    }
    for (const chunk of chunks) if (chunk.isEntry) load(chunk.fileName)
    const size = (some: typeof chunks) => sum(some.map(({ code }) => bytesOf(code)))
    return { initial: size(chunks.filter(({ fileName }) => loaded.has(fileName))), all: size(chunks) }
  },
}

interface Row {
  readonly what: string
  readonly package: string
  /** What a page imports. */
  readonly page: string
  readonly of: keyof Chunks
  readonly most: number
  /** Where a README states the figure, in kB. */
  readonly readme?: RegExp
}

const react = { package: 'react', page: `export { CivitaiAuthProvider, useCivitaiAuth } from './src/index.ts'` }
const rows: readonly Row[] = [
  { what: 'scopes alone', package: 'core', page: `export * from './src/scope.ts'`, of: 'all', most: 1000 },
  {
    what: 'browser store with a server',
    package: 'client',
    page: `export { createAuthStore } from './src/browser/index.ts'`,
    of: 'initial',
    most: 2000,
    readme: /the browser store ([\d.]+) kB/,
  },
  {
    what: 'browser store as a public client, everything',
    package: 'client',
    page: `export { createSpaStore } from './src/browser/index.ts'`,
    of: 'all',
    most: 9500,
    readme: /a public client ([\d.]+) kB in all/,
  },
  { what: 'React with a server', ...react, of: 'initial', most: 2500, readme: /([\d.]+) kB in the initial chunks/ },
  { what: 'React as a public client, everything', ...react, of: 'all', most: 10_000, readme: /([\d.]+) kB in all/ },
  {
    what: 'Svelte with a server',
    package: 'sveltekit',
    page: `export { useCivitaiAuth } from './src/client/index.ts'`,
    of: 'initial',
    most: 2500,
    readme: /in a browser ([\d.]+) kB/,
  },
  {
    what: 'Nuxt with a server',
    package: 'nuxt',
    page: `
      export { default as plugin } from './src/runtime/app/plugin.ts'
      export { default as guard } from './src/runtime/app/guard.ts'
      export * from './src/runtime/app/use-civitai-auth.ts'`,
    of: 'initial',
    most: 2500,
    readme: /Measured: ([\d.]+) kB in a browser/,
  },
]

/** A bundler's next release may differ by this much; a README is no forecast. */
const close = 0.1

describe.each(Object.entries(bundlers))('bundled by %s', (name, bundle) => {
  it.each(rows)('$what: $most bytes at the most', async ({ what, package: folder, page, of, most, readme }) => {
    const { [of]: bytes } = await bundle(join(root, 'packages', folder), page)
    console.log(`${what}, ${name}: ${bytes} bytes of ${most}`)
    expect(bytes).toBeGreaterThan(300)
    expect(bytes).toBeLessThanOrEqual(most)
    if (readme === undefined) return
    const text = readFileSync(join(root, 'packages', folder, 'README.md'), 'utf8').replaceAll(/\s+/g, ' ')
    const claimed = Number(readme.exec(text)?.[1]) * 1000
    expect(Math.abs(bytes - claimed)).toBeLessThanOrEqual(close * 1000 + 0.02 * bytes)
  })

  it('Svelte and Nuxt ask no more of a page than React does', async () => {
    const ask = async ({ package: folder, page }: Row) => (await bundle(join(root, 'packages', folder), page)).initial
    const withServer = rows.filter(({ what }) => /^(React|Svelte|Nuxt) with a server$/.test(what))
    const [asReact = 0, ...others] = await Promise.all(withServer.map(ask))
    expect(others).toHaveLength(2)
    for (const bytes of others) expect(bytes).toBeLessThanOrEqual(asReact)
  })
})
