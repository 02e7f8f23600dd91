/** What an editor offers, and what TypeScript says, in `nuxt.config.ts`. */
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const file = fileURLToPath(new URL('config-in-an-editor.ts', import.meta.url))

let content = ''
let version = 0
const service = ts.createLanguageService({
  getScriptFileNames: () => [file],
  getScriptVersion: (name) => (name === file ? `${version}` : '0'),
  getScriptSnapshot: (name) => {
    const source = name === file ? content : ts.sys.readFile(name)
    return source === undefined ? undefined : ts.ScriptSnapshot.fromString(source)
  },
  getCurrentDirectory: () => fileURLToPath(new URL('..', import.meta.url)),
  getCompilationSettings: () => ({
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: ['node'],
    customConditions: ['@civitai-oauth/source'],
  }),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (name) => name === file || ts.sys.fileExists(name),
  readFile: ts.sys.readFile,
  directoryExists: ts.sys.directoryExists,
  ...(ts.sys.realpath && { realpath: ts.sys.realpath }),
})

/** An editor with one config open; `|` is where the cursor stands. */
const edit = (config: string) => {
  const text = `import type { ModuleOptions } from '../src/options.ts'\nexport const config: ModuleOptions = ${config}\n`
  const at = text.indexOf('|')
  content = text.replace('|', '')
  version++
  return {
    offers: () => service.getCompletionsAtPosition(file, at, {})?.entries.map(({ name }) => name) ?? [],
    faults: () =>
      service.getSemanticDiagnostics(file).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  }
}

// The compiler reads the whole client the first time.
describe('the scopes of nuxt.config.ts', { timeout: 60_000 }, () => {
  it.each(["{ scopes: ['|'] }", "{ dialect: 'civitai', scopes: ['|'] }"])(
    "are offered in Civitai's words: %s",
    (config) => {
      const offers = edit(config).offers()
      expect(offers).toContain('BuzzRead')
      expect(offers).not.toContain('user.public')
    },
  )

  it("are offered in Quaily's words where the dialect says so", () => {
    const offers = edit("{ dialect: 'quaily', scopes: ['|'] }").offers()
    expect(offers).toContain('user.public')
    expect(offers).not.toContain('BuzzRead')
  })

  it.each(["{ scopes: ['UserRead', 'BuzzRed'] }", "{ dialect: 'civitai', scopes: ['BuzzRed'] }"])(
    'are corrected by the name that was meant: %s',
    (config) => {
      expect(edit(config).faults()).toEqual([expect.stringContaining(`Did you mean '"BuzzRead"'?`)])
    },
  )

  it.each(["{ scopes: ['user.public'] }", "{ dialect: 'quaily', scopes: ['UserRead'] }"])(
    'are not those of the other dialect: %s',
    (config) => {
      expect(edit(config).faults()).toHaveLength(1)
    },
  )
})
