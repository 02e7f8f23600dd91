import { defineConfig } from 'vitest/config'

// Under mutation (`mutation.ts`): the tests of the module at hand. Types and bundles say nothing about a mutant.
const underMutation = process.env['MUTATION']?.split(',')

export default defineConfig({
  resolve: { conditions: ['@civitai-oauth/source'] },
  ssr: { resolve: { conditions: ['@civitai-oauth/source'] } },
  test: {
    name: 'core',
    include: underMutation ?? ['test/**/*.test.ts'],
    // Ten thousand runs of a property take longer than a unit test should.
    testTimeout: process.env['VERIFY'] === '1' ? 120_000 : 20_000,
    typecheck: {
      enabled: underMutation === undefined,
      include: ['test/**/*.test-d.ts'],
      tsconfig: './tsconfig.types.json',
    },
    coverage: {
      include: ['src/**/*.ts'],
      reporter: ['text', 'json-summary'],
      thresholds: { lines: 95, branches: 95 },
    },
  },
})
