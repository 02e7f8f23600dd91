import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@civitai-oauth/source'] },
  ssr: { resolve: { conditions: ['@civitai-oauth/source'] } },
  test: {
    name: 'cli',
    include: ['test/**/*.test.ts'],
    // Some start whole processes and a database.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
