import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspacesOf } from '../src/arrows.ts'
import { root } from '../src/repository.ts'
import { blockFaults, blocksOf, linkFaults } from '../src/readme.ts'

const scripts = Object.keys(
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts,
)
const pages = [root, ...workspacesOf(root).map(({ folder }) => folder)]
  .map((folder) => join(folder, 'README.md'))
  .filter((file) => existsSync(file))
  .map((file) => [relative(root, file), readFileSync(file, 'utf8')] as const)

describe('what a README shows', () => {
  it.each(pages)('is taken from files that are checked: %s', (_, markdown) => {
    expect(blocksOf(markdown).flatMap((block) => blockFaults(root, block, scripts))).toEqual([])
  })

  it.each(pages)('leads somewhere: %s', (path, markdown) => {
    expect(linkFaults(join(root, path), markdown)).toEqual([])
  })

  it('is there for every published package', () => {
    const published = workspacesOf(root).filter(({ manifest }) => !manifest.private)
    expect(published.filter(({ folder }) => !existsSync(join(folder, 'README.md'))).map(({ name }) => name)).toEqual([])
  })
})

describe('a README that rots', () => {
  const faults = (markdown: string) => blocksOf(markdown).flatMap((block) => blockFaults(root, block, scripts))

  it('is found by code that comes from nowhere', () => {
    expect(faults('```ts\nconst a = 1\n```\n')).toEqual(['"const a = 1" names no file that it is taken from'])
  })

  it('is found by code that differs from its file', () => {
    const from = 'packages/proofs/vitest.config.ts'
    expect(faults(`<!-- from: ${from} -->\n\`\`\`ts\nconst a = 1\n\`\`\`\n`)).toEqual([
      `"const a = 1" differs from ${from}`,
    ])
  })

  it('is not seen where code is what its file says', () => {
    const from = 'packages/proofs/vitest.config.ts'
    expect(faults(`<!-- from: ${from} -->\n\`\`\`ts\n${readFileSync(join(root, from), 'utf8')}\`\`\`\n`)).toEqual([])
  })

  it('is found by a script that does not exist', () => {
    expect(faults('```sh\nnpx -y pnpm@12 tset\n```\n')).toEqual(['there is no script tset'])
  })

  it('is found by links to files and headings that are not there', () => {
    const links = '[a](./nowhere.md) [b](#no-such-heading) [c](https://example.com) [d](./package.json)'
    expect(linkFaults(join(root, 'README.md'), links)).toEqual([
      'the link ./nowhere.md leads nowhere',
      'the link #no-such-heading leads nowhere',
    ])
  })
})
