/**
 * Who may use whom. `core <- client <- {sveltekit, nuxt, react, cli}` and `core <- provider <- {testing, cli, portal}`;
 * client and provider never meet; nobody published needs `testing` at run time; apps use packages, never the reverse.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

const scope = '@civitai-oauth/'

/** What each workspace may use at run time, by short name. `proofs` is private and looks at everything. */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  client: ['core'],
  sveltekit: ['client'],
  nuxt: ['client'],
  react: ['client'],
  provider: ['core'],
  testing: ['core', 'provider'],
  cli: ['core', 'client', 'provider'],
  proofs: ['core', 'client', 'sveltekit', 'nuxt', 'react', 'provider', 'testing', 'cli'],
  portal: ['core', 'provider'],
  'demo-sveltekit': ['sveltekit'],
  'demo-nuxt': ['nuxt'],
  'demo-react': ['react', 'client'],
  docs: ['core', 'client', 'sveltekit', 'nuxt', 'react', 'provider', 'testing', 'cli'],
}

/** Libraries that published source imports module by module: their barrels cost a quarter of a second, or 26 kB. */
const barrels: Readonly<Record<string, string>> = {
  effect: 'effect/Effect and its neighbours',
  zod: 'zod/mini',
}

export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

export interface Workspace {
  /** The name without its scope. */
  readonly name: string
  readonly folder: string
  readonly kind: 'package' | 'app'
  readonly manifest: Manifest
}

export const workspacesOf = (root: string): readonly Workspace[] =>
  (['packages', 'apps'] as const).flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => join(root, parent, name))
      .filter((folder) => existsSync(join(folder, 'package.json')))
      .map((folder) => {
        const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
        const kind = parent === 'packages' ? 'package' : 'app'
        return { name: manifest.name.replace(scope, ''), folder, kind, manifest }
      }),
  )

const runtime = (manifest: Manifest): readonly string[] =>
  Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies })

/** Published as one file with everything inside: what it is built from stands among its development dependencies. */
const bundled = ['client']

const usable = ({ name, manifest }: Workspace): readonly string[] => [
  ...runtime(manifest),
  ...(manifest.private || bundled.includes(name) ? Object.keys(manifest.devDependencies ?? {}) : []),
]

/** What a workspace's package.json promises that the arrows do not allow. */
export const manifestFaults = (workspace: Workspace): readonly string[] => {
  const allowed = arrows[workspace.name]
  if (allowed === undefined) return [`${workspace.name} has no row in the table of arrows`]
  const used = workspace.manifest.private ? usable(workspace) : runtime(workspace.manifest)
  return used
    .filter((name) => name.startsWith(scope))
    .map((name) => name.slice(scope.length))
    .filter((name) => !allowed.includes(name))
    .map((name) => `${workspace.name} depends on ${name}`)
}

/** Every module specifier in a source file: static, type-only, re-exported and dynamic ones. */
export const specifiersOf = (file: string, text: string): readonly string[] => {
  const script = /\.(svelte|vue)$/.test(file)
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n')
    : text
  return ts.preProcessFile(script, true, true).importedFiles.map((one) => one.fileName)
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** Names that a framework resolves by itself: `$lib`, `$app/state`, `#imports`, `virtual:…`. */
const framework = (specifier: string): boolean => /^(\$|#|~|virtual:)/.test(specifier)

/** What one source file imports that it may not. */
export const importFaults = (workspace: Workspace, file: string, text: string): readonly string[] => {
  const at = `${workspace.name}/${relative(workspace.folder, file)}`
  const published = workspace.kind === 'package' && !workspace.manifest.private
  return specifiersOf(file, text).flatMap((specifier): readonly string[] => {
    if (specifier.startsWith('.')) {
      const inside = resolve(dirname(file), specifier).startsWith(`${workspace.folder}/`)
      return inside ? [] : [`${at} reaches outside its folder: ${specifier}`]
    }
    const name = packageOf(specifier)
    if (specifier.startsWith('node:') || builtinModules.includes(name) || framework(specifier)) return []
    if (published && barrels[specifier] !== undefined)
      return [`${at} imports the barrel ${specifier}: use ${barrels[specifier]}`]
    if (name.startsWith(scope) && name !== workspace.manifest.name) {
      const used = name.slice(scope.length)
      if (!(arrows[workspace.name] ?? []).includes(used)) return [`${at} imports ${used}`]
    }
    const declared = [...usable(workspace), workspace.manifest.name]
    return declared.includes(name) ? [] : [`${at} imports ${name}, which its package.json does not name`]
  })
}

/** Source files below a workspace's `src`, or another folder of it, whatever its language. */
export const sourcesOf = (workspace: Workspace, folder = 'src'): readonly string[] => {
  const src = join(workspace.folder, folder)
  if (!existsSync(src)) return []
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|js|mjs|svelte|vue)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}
