/**
 * Programs that tests need and npm does not carry. A package names the ones its tests use in its package.json
 * (`"testNeeds": ["chromium"]`); the test command finds them, installs them where it may, and otherwise fails with the
 * one line that mends it. It never skips a test because something is missing.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'

export type NeedName = 'chromium' | 'postgres' | 'redis'

interface Need {
  /** Where the program may be, best first: absolute paths, or names looked up on PATH. */
  readonly candidates: () => readonly string[]
  /** An installer to try before the system's, with a limit so that a closed network costs little time. */
  readonly installer?: () => readonly [command: string, ...args: string[]]
  /** Debian's package. */
  readonly debian: string
  readonly mend: string
}

const playwright = (): string => dirname(createRequire(import.meta.url).resolve('playwright-core/package.json'))

/** The browser that Playwright's own download would put in place. */
const playwrightChromium = (): readonly string[] => {
  const home = process.env['PLAYWRIGHT_BROWSERS_PATH'] ?? join(process.env['HOME'] ?? '', '.cache', 'ms-playwright')
  if (!existsSync(home)) return []
  return readdirSync(home)
    .filter((folder) => /^chromium-\d+$/.test(folder))
    .toSorted()
    .toReversed()
    .flatMap((folder) => [
      join(home, folder, 'chrome-linux64', 'chrome'),
      join(home, folder, 'chrome-linux', 'chrome'),
      join(home, folder, 'chrome-mac', 'Chromium.app', 'Contents', 'MacOS', 'Chromium'),
    ])
}

const debianPostgres = (): readonly string[] => {
  const home = '/usr/lib/postgresql'
  if (!existsSync(home)) return []
  return readdirSync(home)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(home, version, 'bin', 'initdb'))
}

const needs: Record<NeedName, Need> = {
  chromium: {
    candidates: () => [
      ...(process.env['CHROMIUM'] ? [process.env['CHROMIUM']] : []),
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
      ...playwrightChromium(),
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    installer: () => [process.execPath, join(playwright(), 'cli.js'), 'install', 'chromium'],
    debian: 'chromium',
    mend: 'Install Chromium (Debian and Ubuntu: sudo apt-get install -y chromium), or set CHROMIUM to its path, and run the tests again.',
  },
  postgres: {
    candidates: () => [...debianPostgres(), 'initdb'],
    debian: 'postgresql',
    mend: 'Install PostgreSQL (Debian and Ubuntu: sudo apt-get install -y postgresql) and run the tests again.',
  },
  redis: {
    candidates: () => ['redis-server'],
    debian: 'redis-server',
    mend: 'Install Redis (Debian and Ubuntu: sudo apt-get install -y redis-server) and run the tests again.',
  },
}

/** A program that is there may still not run (a snap's stub, missing libraries): only one that answers counts. */
const runs = (path: string): boolean => spawnSync(path, ['--version'], { timeout: 15_000 }).status === 0

const onPath = (name: string): readonly string[] =>
  name.includes('/') ? [name] : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name))

/** The path of a program that works, or `undefined`. */
export const locate = (name: NeedName): string | undefined =>
  needs[name]
    .candidates()
    .flatMap(onPath)
    .find((path) => existsSync(path) && runs(path))

const install = (need: Need): void => {
  const quiet = { stdio: 'ignore', timeout: 300_000 } as const
  if (need.installer) {
    const [command, ...args] = need.installer()
    const env = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' }
    if (spawnSync(command, args, { ...quiet, env }).status === 0) return
  }
  if (process.getuid?.() !== 0) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  if (spawnSync('apt-get', ['update', '-qq'], { ...quiet, env }).status !== 0) return
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', need.debian], { ...quiet, env })
}

export type Found =
  | { readonly _tag: 'Found'; readonly name: NeedName; readonly path: string; readonly installed: boolean }
  | { readonly _tag: 'Missing'; readonly name: NeedName; readonly mend: string }

/** Finds a program, installing it where that is allowed. */
export const provide = (name: NeedName): Found => {
  const there = locate(name)
  if (there !== undefined) return { _tag: 'Found', name, path: there, installed: false }
  install(needs[name])
  const now = locate(name)
  return now === undefined
    ? { _tag: 'Missing', name, mend: needs[name].mend }
    : { _tag: 'Found', name, path: now, installed: true }
}

/** What the tests of all packages below `root` need, each once. */
export const needsOf = (root: string): readonly NeedName[] => {
  const named = ['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .map((name) => join(root, folder, name, 'package.json'))
      .filter((file) => existsSync(file))
      .flatMap((file) => (JSON.parse(readFileSync(file, 'utf8')) as { testNeeds?: NeedName[] }).testNeeds ?? []),
  )
  return [...new Set(named)].toSorted()
}
