/** `civitai-oauth`: finds the command, runs it, and turns what a person can mend into one sentence and exit code 1. */
import { type Command, commands } from './commands.ts'
import { Failure } from './failure.ts'
import { help } from './options.ts'
import { version } from './version.ts'

const overview = (): string => {
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(18)}${summary}`)
  return `civitai-oauth ${version}\n\n${rows.join('\n')}\n\n"civitai-oauth COMMAND --help" lists a command's options.`
}

const explain = (name: string, { summary, options, environment }: Command): string =>
  `civitai-oauth ${name}: ${summary}\n\n${help(options, environment)}`

const dispatch = async (args: readonly string[]): Promise<void> => {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return console.log(overview())
  if (name === '--version' || name === '-v') return console.log(version)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined)
    throw new Failure(`There is no command "${name}": choose one of ${Object.keys(commands).join(', ')}.`)
  if (rest.includes('--help') || rest.includes('-h')) return console.log(explain(name, command))
  await command.run(rest)
}

/** Errors whose message is one sentence that says what to do. */
const mendable = ['Failure', 'CannotListen', 'StorageCannotOpen', 'OptionsInvalid', 'SeedInvalid']

const isMendable = (error: unknown): error is Error =>
  error instanceof Error && '_tag' in error && mendable.includes(String(error._tag))

/** Never rejects. Answers when the command has been started or, for one that ends, when it has ended. */
export const main = async (args: readonly string[]): Promise<void> => {
  // Whatever is written, the data file above all, is for its owner alone.
  process.umask(0o077)
  try {
    await dispatch(args)
  } catch (error) {
    console.error(isMendable(error) ? error.message : error)
    process.exitCode = 1
  }
}
