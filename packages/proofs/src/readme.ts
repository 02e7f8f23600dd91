/**
 * Examples that cannot rot. A code block in a README names the type-checked file it is taken from in a comment on the
 * line above it, `<!-- from: packages/client/test/example.ts#part -->`, and must be equal to it. A part stands between
 * `// #part` and `// #end`. Shell blocks may only call scripts that exist, and links must lead somewhere.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

export interface Block {
  readonly language: string
  readonly text: string
  /** `file#part`, relative to the repository. */
  readonly from: string | undefined
}

export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/(?:<!-- from: (\S+) -->\n+)?^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[2] ?? '',
    text: match[3] ?? '',
    from: match[1],
  }))

/** Without the indentation that every line shares, and without blank lines around. */
const dedent = (text: string): string => {
  const lines = text.split('\n')
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length)
  const shared = Math.min(...indents)
  return lines
    .map((line) => line.slice(shared).trimEnd())
    .join('\n')
    .trim()
}

/** A file, or the part of it that is named. */
export const quoted = (root: string, from: string): string | undefined => {
  const [path = '', part] = from.split('#')
  const file = join(root, path)
  if (!existsSync(file)) return
  const source = readFileSync(file, 'utf8')
  if (part === undefined) return dedent(source)
  const found = new RegExp(`^[ \\t]*(?://|<!--) #${part}\\b.*\\n([\\s\\S]*?)^[ \\t]*(?://|<!--) #end`, 'm').exec(source)
  return found?.[1] === undefined ? undefined : dedent(found[1])
}

const code = ['ts', 'tsx', 'js', 'svelte', 'vue', 'html']

/** What a block shows that nothing proves. */
export const blockFaults = (root: string, block: Block, scripts: readonly string[]): readonly string[] => {
  const first = block.text.trim().split('\n')[0] ?? ''
  if (code.includes(block.language)) {
    if (block.from === undefined) return [`"${first}" names no file that it is taken from`]
    const source = quoted(root, block.from)
    if (source === undefined) return [`${block.from} does not exist`]
    return source === dedent(block.text) ? [] : [`"${first}" differs from ${block.from}`]
  }
  if (block.language !== 'sh') return []
  return [...block.text.matchAll(/(?:npx -y pnpm@12|pnpm) (?!exec|add|install|dlx)([\w:]+)/g)]
    .map((match) => match[1] ?? '')
    .filter((script) => !scripts.includes(script))
    .map((script) => `there is no script ${script}`)
}

const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')

/** The headings of a page, as their links. */
export const anchorsOf = (markdown: string): readonly string[] =>
  [...markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map((match) => slug(match[1] ?? ''))

/** Relative links that lead nowhere. */
export const linkFaults = (file: string, markdown: string): readonly string[] =>
  [...markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#')
      const page = path === '' ? file : resolve(dirname(file), path)
      if (!existsSync(page)) return true
      return anchor !== undefined && !anchorsOf(readFileSync(page, 'utf8')).includes(anchor)
    })
    .map((target) => `the link ${target} leads nowhere`)
