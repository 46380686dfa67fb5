// The first load must stay small: what the sign-in's next page, a conversation, needs before it shows anything.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const LIMIT_KB = 200
const out = 'target/classes/dashboard'
const manifest = JSON.parse(readFileSync(join(out, '.vite/manifest.json'), 'utf8'))

const files = new Set()
const visit = (key) => {
  const chunk = manifest[key]
  if (files.has(chunk.file)) return
  files.add(chunk.file)
  for (const css of chunk.css ?? []) files.add(css)
  for (const next of chunk.imports ?? []) visit(next)
}
visit('index.html')

const sizes = [...files].map((file) => ({
  file,
  kb: gzipSync(readFileSync(join(out, file)), { level: 9 }).length / 1024,
}))
const total = sizes.reduce((sum, { kb }) => sum + kb, 0)
if (process.argv.includes('-v'))
  for (const { file, kb } of sizes) console.log(`${kb.toFixed(1).padStart(7)} kB  ${file}`)
console.log(`first load: ${total.toFixed(1)} kB gzip of at most ${LIMIT_KB}`)
if (total > LIMIT_KB) process.exit(1)
