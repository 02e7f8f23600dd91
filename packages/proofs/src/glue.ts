/** The lines of an app that are there because of sign-in: what a newcomer writes, counted without blanks and comments. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './repository.ts'

export interface Glue {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** What makes a line one of sign-in's: it names us, or one of our routes, or what we hand to the app. */
const ours =
  /@civitai-oauth\/|civitaiAuth|CivitaiAuth|locals\.civitai|context\.civitai|\/oauth\/sign-(in|out)|createCivitaiAuth|auth\.(handle|sign|open)|VITE_CIVITAI/

const isCode = (line: string): boolean => line.trim() !== '' && !/^\s*(\/\/|\/?\*|<!--)/.test(line)

/** Which of these files' lines it takes to sign in, be known and sign out. `files` are below `apps/<demo>`. */
export const glueOf = (demo: string, files: readonly string[]): readonly Glue[] =>
  files.flatMap((file) =>
    readFileSync(join(root, 'apps', demo, file), 'utf8')
      .split('\n')
      .map((text, at) => ({ file, line: at + 1, text: text.trim() }))
      .filter(({ text }) => isCode(text) && ours.test(text)),
  )
