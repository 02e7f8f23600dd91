/** `civitai-oauth doctor`: looks at an app's settings and asks the server about them. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { Failure, codeOf } from '../failure.ts'
import { parse } from '../options.ts'
import { type Environment, checkEnvironment, registeredIn } from './environment.ts'
import type { Finding } from './finding.ts'
import { doctorOptions } from './options.ts'
import { type Fetch, askCredentials, askRedirectUri, askServer } from './questions.ts'

const fileOf = (path: string): Environment => {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Failure(`Cannot read ${path} (${codeOf(error)}): give --env the file with your app's settings.`)
  }
}

/** Everything there is to find. What depends on an answer is not asked where there was none. */
export const examine = async (env: Environment, callback: string, fetch: Fetch): Promise<readonly Finding[]> => {
  const environment = checkEnvironment(env)
  const registered = registeredIn(env, callback)
  const server = await askServer(fetch, registered)
  if (server.verdict === 'bad' || registered.clientId === '') return [...environment, server]
  const credentials = await askCredentials(fetch, registered)
  if (credentials.verdict === 'bad') return [...environment, server, credentials]
  return [...environment, server, credentials, await askRedirectUri(fetch, registered)]
}

const marks: Readonly<Record<Finding['verdict'], string>> = { good: 'ok  ', bad: 'BAD ', unknown: '?   ' }

export const doctor = async (args: readonly string[]): Promise<void> => {
  const options = parse('doctor', doctorOptions, args)
  const callback = options.callback ?? '/oauth/callback'
  if (!callback.startsWith('/')) throw new Failure(`--callback takes a path like /oauth/callback, not "${callback}".`)
  const env = { ...(options.env === undefined ? {} : fileOf(options.env)), ...process.env }
  const findings = await examine(env, callback, fetch)
  for (const { verdict, sentence } of findings) console.log(`${marks[verdict]} ${sentence}`)
  if (findings.some(({ verdict }) => verdict === 'bad')) process.exitCode = 1
}
