import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@civitai-oauth/source'] },
  ssr: { resolve: { conditions: ['@civitai-oauth/source'] } },
  test: {
    name: 'client',
    restoreMocks: true,
    include: ['test/**/*.test.ts'],
    coverage: {
      include: ['src/**/*.ts'],
      reporter: ['text', 'json-summary'],
      thresholds: { lines: 95, branches: 93 },
    },
  },
})
