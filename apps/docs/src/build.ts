/** Writes the site to `build/`: plain files for any web server. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { site } from './site.ts'

const out = new URL('../build/', import.meta.url).pathname
rmSync(out, { recursive: true, force: true })
const files = site()
for (const [path, html] of files) {
  mkdirSync(dirname(out + path), { recursive: true })
  writeFileSync(out + path, html)
}
console.log(`${files.size} pages in apps/docs/build`)
