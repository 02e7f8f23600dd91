import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter(),
      // The address people see. SvelteKit checks where forms come from against it, so the sign-out button needs it too.
      paths: { origin: process.env['CIVITAI_ORIGIN'] ?? 'http://localhost:4101' },
    }),
  ],
})
