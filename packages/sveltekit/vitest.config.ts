import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [svelte()],
  resolve: {
    conditions: ['@civitai-oauth/source'],
    // An app has it from SvelteKit; here a page stands in for it.
    alias: {
      '$app/state': fileURLToPath(new URL('test/components/app-state.ts', import.meta.url)),
      '$app/navigation': fileURLToPath(new URL('test/client/app-navigation.ts', import.meta.url)),
    },
  },
  ssr: { resolve: { conditions: ['@civitai-oauth/source'] } },
  test: { name: 'sveltekit', include: ['test/**/*.test.ts'] },
})
