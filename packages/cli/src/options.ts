/** Command-line options: a table per command, read by the parser and by the help text alike. */
import { parseArgs } from 'node:util'
import { Failure, codeOf } from './failure.ts'

export interface Option {
  readonly type: 'string' | 'boolean'
  /** May be given more than once. */
  readonly multiple?: true
  /** What stands for the value in the help text: `DIR`. */
  readonly value?: string
  readonly help: string
}

export type Options = Readonly<Record<string, Option>>

/** An option that was not given is absent. */
export type Values<O extends Options> = {
  readonly [Name in keyof O]?: O[Name] extends { readonly multiple: true }
    ? readonly string[]
    : O[Name]['type'] extends 'string'
      ? string
      : boolean
}

const spell = ([name, option]: readonly [string, Option]): string =>
  `--${name}${option.value === undefined ? '' : ` ${option.value}`}`

/** The option in parseArgs' own sentence: `Unknown option '--prot'. …` */
const culprit = (error: Error): string => /'(-[^\s']+)/.exec(error.message)?.[1] ?? 'that'

const reasons: Readonly<Record<string, (name: string) => string>> = {
  ERR_PARSE_ARGS_UNKNOWN_OPTION: (name) => `There is no option ${name}.`,
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: (name) => `The option ${name} is not given as it should be.`,
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: () => 'Only options may follow the command.',
}

const read = <O extends Options>(
  command: string,
  options: O,
  args: readonly string[],
  allowPositionals: boolean,
): { readonly values: Values<O>; readonly words: readonly string[] } => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals })
    return { values: values as Values<O>, words: positionals }
  } catch (error) {
    const reason = reasons[codeOf(error) ?? '']
    if (!(error instanceof Error) || reason === undefined) throw error
    const known = Object.entries(options).map(spell).join(', ')
    const takes = known === '' ? 'takes no options' : `takes: ${known}`
    throw new Failure(`${reason(culprit(error))} civitai-oauth ${command} ${takes}.`)
  }
}

/** Reads what follows the command's name. Throws a `Failure` that lists what would have been accepted. */
export const parse = <const O extends Options>(command: string, options: O, args: readonly string[]): Values<O> =>
  read(command, options, args, false).values

/** The same for a command that takes words beside its options. */
export const parseWithWords = <const O extends Options>(
  command: string,
  options: O,
  args: readonly string[],
): { readonly values: Values<O>; readonly words: readonly string[] } => read(command, options, args, true)

type Line = readonly [what: string, help: string]

const lines = (rows: readonly Line[]): string => {
  const width = Math.max(18, ...rows.map(([what]) => what.length)) + 2
  return rows.map(([what, said]) => `  ${what.padEnd(width)}${said}`).join('\n')
}

/** One line an option, and one a variable of the environment. */
export const help = (options: Options, environment: Readonly<Record<string, string>> = {}): string => {
  const flags = Object.entries(options).map((entry): Line => [spell(entry), entry[1].help])
  const variables = Object.entries(environment)
  return variables.length === 0 ? lines(flags) : `${lines(flags)}\n\nFrom the environment:\n\n${lines(variables)}`
}

/** A TCP port; 0 lets the system choose. */
export const parsePort = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(port) || port > 65_535)
    throw new Failure(`--port takes a number from 0 to 65535, and "${text}" is not one.`)
  return port
}
