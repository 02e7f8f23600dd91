import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `vite spa`: the same app with no server of its own. */
export default defineConfig({ plugins: [react()], publicDir: '../public', build: { outDir: '../build-spa' } })
