import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const double = (file: string) => fileURLToPath(new URL(`test/${file}`, import.meta.url))

/** A build knows its side; here the double of a page says where it is. */
const sides = {
  name: 'sides',
  transform: (code: string) =>
    code
      .replaceAll('import.meta.server', 'globalThis.onServer')
      .replaceAll('import.meta.client', 'globalThis.onClient'),
}

/** A build puts Nitro's and Nuxt's run time in place; here small doubles stand in, and the demo's build proves the rest. */
export default defineConfig({
  resolve: {
    conditions: ['@civitai-oauth/source'],
    alias: { 'nitropack/runtime': double('nitro.ts'), 'nuxt/app': double('nuxt-app.ts') },
  },
  plugins: [sides],
  ssr: { resolve: { conditions: ['@civitai-oauth/source'] } },
  test: { name: 'nuxt', include: ['test/**/*.test.ts'] },
})
