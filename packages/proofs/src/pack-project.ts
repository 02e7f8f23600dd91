/** A new project outside the workspace, as somebody makes one who has only heard of us: created, installed, pasted into. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { pnpm } from './pack.ts'
import { blocksOf } from './readme.ts'
import { run } from './step.ts'

export interface Project {
  readonly folder: string
  /** Runs a command line there. Throws with all it printed where it fails; answers that otherwise. */
  sh(command: string, env?: Readonly<Record<string, string>>): Promise<string>
  /** Writes a file; where the path begins with `+`, above what the file holds already. */
  write(path: string, text: string): void
  remove(): void
}

/** `pnpm`, as whoever has installed it has it. */
const commands = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-commands-'))
  writeFileSync(join(folder, 'pnpm'), `#!/bin/sh\nexec ${pnpm.join(' ')} "$@"\n`, { mode: 0o755 })
  return folder
}
let own: string | undefined

/** When the last project is removed. */
export const removeCommands = (): void => {
  if (own !== undefined) rmSync(own, { recursive: true, force: true })
  own = undefined
}

/**
 * What a newcomer's terminal has: this Node, npm and pnpm, and nothing of the workspace or of the test command. No
 * question is asked, nothing is sent home.
 */
export const environment = (): NodeJS.ProcessEnv => {
  const theirs = /^(npm_|pnpm_|vitest|vite_|node_env$|node_path$|test$|force_color$|init_cwd$|civitai_)/i
  const inherited = Object.entries(process.env).filter(([name]) => !theirs.test(name))
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  return {
    ...Object.fromEntries(inherited),
    PATH: [(own ??= commands()), dirname(process.execPath), ...path].join(delimiter),
    CI: 'true',
    NO_COLOR: '1',
    DO_NOT_TRACK: '1',
    NUXT_TELEMETRY_DISABLED: '1',
    NEXT_TELEMETRY_DISABLED: '1',
  }
}

/** The line that a newcomer needs only here: our packages come from the registry of this machine. */
const scopeFrom = (registry: string) => `@civitai-oauth:registry=${registry}\n`

/** `create` is run in the empty folder first: a framework's own starter, where it has one that needs no more than npm. */
export const createProject = async (name: string, registry: string, create?: string): Promise<Project> => {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'civitai-oauth-consumer-')))
  const folder = join(parent, name)
  mkdirSync(folder)
  const project: Project = {
    folder,
    sh: async (command, env = {}) => {
      const ran = await run('sh', ['-c', command], folder, { ...environment(), ...env })
      if (ran.code !== 0) throw new Error(`${command} failed in ${name}:\n${ran.output.slice(-8_000)}`)
      return ran.output
    },
    write: (path, text) => {
      const file = join(folder, path.replace(/^\+/, ''))
      const below = path.startsWith('+') && existsSync(file) ? readFileSync(file, 'utf8') : ''
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text + below)
    },
    remove: () => rmSync(parent, { recursive: true, force: true }),
  }
  if (create !== undefined) await project.sh(create)
  project.write('+.npmrc', scopeFrom(registry))
  return project
}

/** The block of a README that is taken from this file, letter by letter. */
export const blockFrom = (readme: string, from: string): string => {
  const block = blocksOf(readme).find((one) => one.from === from)
  if (block === undefined) throw new Error(`The README shows nothing from ${from}`)
  return block.text
}

/** The README's command lines that install something: its first, and those below the headings named. */
export const installLines = (readme: string, headings: readonly string[] = []): readonly string[] => {
  const [top = '', ...sections] = readme.split(/^## /m)
  const followed = [top, ...headings.map((heading) => sections.find((one) => one.startsWith(`${heading}\n`)) ?? '')]
  return followed.map((section) => {
    const line = blocksOf(section).find(({ text }) => text.startsWith('pnpm add '))
    if (line === undefined) throw new Error(`The README does not say what to install: ${section.split('\n')[0]}`)
    return line.text.trim()
  })
}
