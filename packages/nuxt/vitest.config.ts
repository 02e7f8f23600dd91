import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const double = (file: string) => fileURLToPath(new URL(`test/${file}`, import.meta.url))

/** A build puts Nitro's and Nuxt's run time in place; here small doubles stand in, and the demo's build proves the rest. */
export default defineConfig({
  resolve: {
    conditions: ['@civitai-oauth/source'],
    alias: { 'nitropack/runtime': double('nitro.ts'), 'nuxt/app': double('nuxt-app.ts') },
  },
  ssr: { resolve: { conditions: ['@civitai-oauth/source'] } },
  test: { name: 'nuxt', include: ['test/**/*.test.ts'] },
})
