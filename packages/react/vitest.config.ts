import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@civitai-oauth/source'] },
  ssr: { resolve: { conditions: ['@civitai-oauth/source'] } },
  test: { name: 'react', include: ['test/**/*.test.{ts,tsx}'] },
})
