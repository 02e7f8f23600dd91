import { defineConfig } from 'vitest/config'

const mutating = process.env['MUTATION'] === '1'

export default defineConfig({
  resolve: { conditions: ['@civitai-oauth/source'] },
  ssr: { resolve: { conditions: ['@civitai-oauth/source'] } },
  test: {
    name: 'core',
    include: ['test/**/*.test.ts'],
    // Under mutation, what bundlers make of the source says nothing about the source.
    exclude: mutating ? ['test/size.test.ts'] : [],
    // Ten thousand runs of a property take longer than a unit test should.
    testTimeout: process.env['VERIFY'] === '1' ? 120_000 : 20_000,
    typecheck: { enabled: !mutating, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
    coverage: {
      include: ['src/**/*.ts'],
      reporter: ['text', 'json-summary'],
      thresholds: { lines: 95, branches: 95 },
    },
  },
})
