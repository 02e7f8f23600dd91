/** Svelte for esbuild: components and runes, compiled as an app's bundler does. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Plugin, transform } from 'esbuild'
import { root } from './repository.ts'

interface Compiled {
  readonly js: { readonly code: string }
}
interface Options {
  readonly filename: string
  readonly generate: 'client'
  readonly css?: 'injected'
}
interface Compiler {
  compile(source: string, options: Options): Compiled
  compileModule(source: string, options: Options): Compiled
}

const found = createRequire(join(root, 'packages/sveltekit/package.json')).resolve('svelte/compiler')
const { compile, compileModule } = (await import(pathToFileURL(found).href)) as Compiler

/** What stands in for SvelteKit's own modules. */
const doubles: Readonly<Record<string, string>> = {
  '$app/state': join(root, 'packages/sveltekit/test/components/app-state.ts'),
  '$app/navigation': join(root, 'packages/sveltekit/test/client/app-navigation.ts'),
}

export const sveltePlugin: Plugin = {
  name: 'svelte',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: /^\$app\// }, ({ path }) => ({ path: doubles[path] ?? path }))
    onLoad({ filter: /\.svelte$/ }, ({ path }) => ({
      contents: compile(readFileSync(path, 'utf8'), { filename: path, generate: 'client', css: 'injected' }).js.code,
    }))
    onLoad({ filter: /\.svelte\.ts$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'ts', target: 'esnext' })
      return { contents: compileModule(code, { filename: path, generate: 'client' }).js.code }
    })
  },
}
