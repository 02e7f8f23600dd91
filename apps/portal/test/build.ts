/** Builds the portal before its tests, unless what stands is newer than every source. */
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const sources = ['src', 'static', 'vite.config.ts', 'package.json', '../../packages/core/src']

const newest = (path: string): number => {
  const { mtimeMs } = statSync(path)
  if (!statSync(path).isDirectory()) return mtimeMs
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

const builtAt = (): number => {
  try {
    return statSync(join(root, 'build/handler.js')).mtimeMs
  } catch {
    return 0
  }
}

export default function build(): void {
  if (builtAt() > Math.max(...sources.map((source) => newest(join(root, source))))) return
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js')
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: root,
    // A test runner's own NODE_ENV would make it a development build.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
