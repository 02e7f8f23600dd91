/** Tarballs of every published package, exactly as they would go to a registry. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { workspacesOf } from './arrows.ts'
import { root } from './repository.ts'
import { run } from './step.ts'

export interface Tarball {
  /** With its scope. */
  readonly name: string
  readonly file: string
}

/** The names of the packages that are published. */
export const publishedNames = (): readonly string[] =>
  workspacesOf(root)
    .filter(({ manifest }) => !manifest.private)
    .map(({ manifest }) => manifest.name)

/** The pnpm that runs us, or the one that npm fetches. */
export const pnpm: readonly [command: string, ...args: string[]] =
  basename(process.env['npm_execpath'] ?? '') === 'pnpm'
    ? [process.env['npm_execpath'] as string]
    : ['npx', '-y', 'pnpm@12']

const fileOf = (name: string, version: string) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`

/** Packs what was built last, with `workspace:` and `catalog:` replaced by versions, into `folder`. */
export const packAll = async (folder: string): Promise<readonly Tarball[]> => {
  const names = publishedNames()
  const filters = names.flatMap((name) => ['--filter', name])
  const [command, ...before] = pnpm
  const args = [...before, '--recursive', ...filters, 'pack', '--pack-destination', folder]
  const packed = await run(command, args, root, process.env)
  if (packed.code !== 0) throw new Error(`pnpm pack failed:\n${packed.output}`)
  return names.map((name) => {
    const { version } = JSON.parse(
      readFileSync(join(root, 'packages', name.split('/')[1] ?? '', 'package.json'), 'utf8'),
    ) as { version: string }
    return { name, file: join(folder, fileOf(name, version)) }
  })
}
