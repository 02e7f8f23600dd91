/** A tarball unpacked as it would lie in somebody's node_modules, with nothing beside it that it does not declare. */
import { mkdirSync, readFileSync, readdirSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execFileSync } from 'node:child_process'
import type { Tarball } from './pack.ts'
import { root } from './repository.ts'

export interface PackedManifest {
  readonly name: string
  readonly license?: string
  readonly type?: string
  readonly sideEffects?: boolean | readonly string[]
  readonly engines?: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

export interface Unpacked {
  readonly folder: string
  readonly manifest: PackedManifest
  /** Every file, below the package's folder. */
  readonly files: readonly string[]
}

/** Into `folder/node_modules`. What it declares is what the workspace has installed for it; what it does not, is not there. */
export const unpackInto = (folder: string, { name, file }: Tarball): Unpacked => {
  const at = join(folder, 'node_modules', name)
  mkdirSync(at, { recursive: true })
  execFileSync('tar', ['-xzf', file, '--strip-components=1', '-C', at])
  const manifest = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as PackedManifest
  const files = readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(at.length + 1))
  for (const needed of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (needed.startsWith('@civitai-oauth/')) continue
    const link = join(at, 'node_modules', needed)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(realpathSync(join(root, 'packages', name.split('/')[1] ?? '', 'node_modules', needed)), link)
  }
  return { folder: at, manifest, files }
}

/** `@civitai-oauth/client/store/memory` and its like: what somebody may import. */
export const entriesOf = ({ manifest }: Unpacked): readonly string[] =>
  Object.keys(manifest.exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => manifest.name + entry.slice(1))

/** The files that an entry leads to, under every condition but the workspace's own. */
export const targetsOf = ({ manifest }: Unpacked): readonly string[] =>
  Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
