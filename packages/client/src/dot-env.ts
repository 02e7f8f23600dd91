/**
 * The `.env` of the working directory, where there is one. Vite and SvelteKit read it, but keep it from `process.env`;
 * plain Node does not read it at all. What the process was started with comes first.
 */
import type { Environment } from './options.ts'

export const dotEnv = (file = '.env'): Environment => {
  const load = globalThis.process?.getBuiltinModule
  try {
    return load('node:util').parseEnv(load('node:fs').readFileSync(file, 'utf8')) as Environment
  } catch {
    return {}
  }
}
