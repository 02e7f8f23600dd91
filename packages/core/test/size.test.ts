import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { rolldown } from 'rolldown'
import { describe, expect, it } from 'vitest'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const from = fileURLToPath(new URL('../src/', import.meta.url))

interface Bundle {
  readonly text: string
  /** Files that went in. */
  readonly inputs: readonly string[]
}

const bundlers: Record<string, (entry: string) => Promise<Bundle>> = {
  esbuild: async (contents) => {
    const result = await build({
      stdin: { contents, resolveDir: from, loader: 'ts' },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
      metafile: true,
    })
    return { text: result.outputFiles[0]?.text ?? '', inputs: Object.keys(result.metafile.inputs) }
  },
  rolldown: async (contents) => {
    const entry = '\0entry.ts'
    const bundle = await rolldown({
      input: entry,
      plugins: [
        {
          name: 'entry',
          resolveId: (id) => (id === entry ? id : id.startsWith('./') ? from + id : undefined),
          load: (id) => (id === entry ? contents : undefined),
        },
      ],
    })
    const { output } = await bundle.generate({ minify: true })
    const [chunk] = output
    return { text: chunk.code, inputs: chunk.moduleIds }
  },
}

/** What a page would ship, and the most it may come to: bytes, minified and gzipped. */
const budgets = [
  { what: 'scopes', most: 1000, entry: `export * from './scope.ts'` },
  {
    what: 'both machines with the browser runner',
    most: 2000,
    entry: `
      export { transition as signIn, questions as signInQuestions, idle, resume } from './sign-in.ts'
      export { transition as session, questions as sessionQuestions } from './session.ts'
      export { run } from './runner.ts'`,
  },
] as const

describe.each(Object.entries(bundlers))('bundled by %s', (name, bundle) => {
  it.each(budgets)('$what stay below $most bytes, with no Effect and no zod', async ({ what, most, entry }) => {
    const { text, inputs } = await bundle(entry)
    const bytes = gzipSync(text, { level: 9 }).byteLength
    console.log(`${what}, ${name}: ${bytes} bytes of ${most}`)
    expect(bytes).toBeLessThanOrEqual(most)
    // The README's figure, two hundredths more or less: bundlers change.
    const claimed = Number(new RegExp(`\\| ${what} +\\| +([\\d,]+)`).exec(readme)?.[1]?.replace(',', ''))
    expect(Math.abs(bytes - claimed) / claimed).toBeLessThan(0.02)
    expect(inputs.filter((input) => /node_modules|\/effect\//.test(input))).toEqual([])
  })
})

describe('every entry but ./effect', () => {
  it('comes without Effect, zod, or anything else that has to be installed', async () => {
    const { default: manifest } = await import('../package.json', { with: { type: 'json' } })
    const entries = Object.entries(manifest.exports).flatMap(([name, entry]) =>
      typeof entry === 'string' || name === './effect' ? [] : [entry['@civitai-oauth/source']],
    )
    expect(entries.length).toBeGreaterThan(20)
    const all = entries.map((file, index) => `export * as m${index} from '${file.replace('./src/', './')}'`).join('\n')
    const { inputs } = await bundlers['esbuild']!(all)
    expect(inputs.filter((input) => /node_modules|effect\//.test(input))).toEqual([])
  })
})
