/** Writes into every README the code that its blocks name: `node packages/proofs/src/quote.ts`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workspacesOf } from './arrows.ts'
import { quoted } from './readme.ts'
import { root } from './repository.ts'

for (const folder of [root, ...workspacesOf(root).map((workspace) => workspace.folder)]) {
  const file = join(folder, 'README.md')
  if (!existsSync(file)) continue
  const before = readFileSync(file, 'utf8')
  const after = before.replaceAll(
    /(<!-- from: (\S+) -->\n+```\w*\n)[\s\S]*?^```$/gm,
    (block, opening: string, from: string) => {
      const source = quoted(root, from)
      return source === undefined ? block : `${opening}${source}\n\`\`\``
    },
  )
  if (after !== before) writeFileSync(file, after)
}
