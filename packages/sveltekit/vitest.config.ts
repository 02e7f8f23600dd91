import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [svelte()],
  resolve: { conditions: ['@civitai-oauth/source'] },
  ssr: { resolve: { conditions: ['@civitai-oauth/source'] } },
  test: { name: 'sveltekit', include: ['test/**/*.test.ts'] },
})
