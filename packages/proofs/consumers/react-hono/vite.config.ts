import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// An object, not only an address: then the server sees the address that the browser asked for.
const server = { target: `http://localhost:${process.env.PORT ?? 3000}` }

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/oauth': server, '/api': server } },
})
