import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig, loadEnv } from 'vite'

export default defineConfig(({ mode }) => {
  const { CIVITAI_ORIGIN } = loadEnv(mode, '.', 'CIVITAI_ORIGIN')
  return { plugins: [sveltekit({ adapter: adapter(), paths: { origin: CIVITAI_ORIGIN } })] }
})
