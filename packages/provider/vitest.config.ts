import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@civitai-oauth/source'] },
  ssr: { resolve: { conditions: ['@civitai-oauth/source'] } },
  test: {
    name: 'provider',
    include: ['test/**/*.test.ts'],
    // Full counts take longer than a unit test should.
    testTimeout: process.env['VERIFY'] === '1' ? 300_000 : 30_000,
    hookTimeout: 60_000,
  },
})
