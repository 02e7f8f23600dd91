/** The seed file that `dev` is given. */
import { readFile } from 'node:fs/promises'
import { type Seed, parseSeed } from '@civitai-oauth/provider/emulator'
import { Failure, codeOf } from './failure.ts'

export const readSeed = async (file: string): Promise<Seed> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failure(`Cannot read ${file} (${codeOf(error)}): give --seed a JSON file with people and apps.`)
  })
  const parsed = parseSeed(text)
  if (parsed._tag === 'Seed') return parsed.seed
  throw new Failure(`${file} is no seed. ${parsed.reason}`)
}
