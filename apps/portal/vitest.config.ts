import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@civitai-oauth/source'] },
  ssr: { resolve: { conditions: ['@civitai-oauth/source'] } },
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    name: 'portal',
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    hookTimeout: 60_000,
    testTimeout: 60_000,
  },
})
