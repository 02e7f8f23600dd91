/**
 * `<!-- include: path -->` in a page stands for that file of the repository, as a code block: examples cannot rot,
 * because what is shown is what is type-checked and run. `path#name` takes the part between `// #name` and `// #end`.
 */
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'

const languages: Record<string, string> = {
  '.ts': 'ts',
  '.tsx': 'tsx',
  '.svelte': 'svelte',
  '.vue': 'vue',
  '.json': 'json',
}

const part = (source: string, name: string, path: string): string => {
  const found = new RegExp(`^[ \\t]*// #${name}\\n([\\s\\S]*?)^[ \\t]*// #end`, 'm').exec(source)
  if (found?.[1] === undefined) throw new Error(`${path} has no part named ${name}`)
  return found[1]
}

/** Replaces every include of a page. Throws where a file or part is missing, so that the build says so. */
export const withIncludes = (markdown: string, repository: string): string =>
  markdown.replaceAll(/<!-- include: (\S+?)(?:#(\S+))? -->/g, (_, path: string, name: string | undefined) => {
    const source = readFileSync(`${repository}/${path}`, 'utf8')
    const shown = name === undefined ? source : part(source, name, path)
    return `\`\`\`${languages[extname(path)] ?? ''}\n${shown.trimEnd()}\n\`\`\``
  })
