import { defineConfig } from 'vitest/config'

/** Every package's tests, run from source: the `@civitai-oauth/source` condition stands in for a build. */
export default defineConfig({
  test: { projects: ['packages/*/vitest.config.ts', 'apps/*/vitest.config.ts'] },
  root: new URL('..', import.meta.url).pathname,
})
