/** What `dev` prints when it is ready. */
import { relative } from 'node:path'
import type { Emulator } from '@civitai-oauth/provider/emulator'

/** For programs: one line, secrets of the sample apps included. */
export const jsonLine = ({ issuer, samples }: Emulator): string =>
  JSON.stringify({
    issuer,
    portal: `${issuer}/`,
    control: `${issuer}/__emulator`,
    ...samples(),
  })

/** For people. No secret is printed. */
export const table = ({ issuer, samples }: Emulator, folder: string | undefined, readyMs: number): string => {
  const { users, apps } = samples()
  const names = users.map(({ username }) => username).join(', ')
  const secrets =
    folder === undefined ? 'printed with --json' : `in ${relative(process.cwd(), folder) || '.'}/samples.json`
  const rows: readonly (readonly [string, string])[] = [
    ['Portal', `${issuer}/`],
    ['People', `${names}: one click signs in, no password`],
    ['Control API', `${issuer}/__emulator`],
    ['Data', folder ?? 'in memory, gone at the end'],
    ...apps.map(({ name, clientId }) => [name, clientId] as const),
    ['Secrets', secrets],
  ]
  const lines = rows.map(([what, where]) => `  ${what.padEnd(18)}${where}`)
  return `\n${lines.join('\n')}\n\n  Ready in ${Math.round(readyMs)} ms. Ctrl-C stops it.\n`
}
