import { fileURLToPath } from 'node:url'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { pretendServer } from './dev/pretend-server.ts'

// `npm run dev` talks to a pretend control plane, or to a real one with WARREN_URL=http://127.0.0.1:7080.
const server = process.env.WARREN_URL

export default defineConfig({
  plugins: [react(), tailwind(), ...(server ? [] : [pretendServer()])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: 'target/classes/dashboard',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    // The entry alone is above the default; scripts/size.mjs holds the first load, compressed, under its budget.
    chunkSizeWarningLimit: 700,
  },
  server: {
    host: '127.0.0.1',
    ...(server ? { proxy: { '/api': { target: server, ws: true, changeOrigin: true } } } : {}),
  },
})
