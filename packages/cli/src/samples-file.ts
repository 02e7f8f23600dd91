/** The sample people and apps of a data folder, secrets included: `samples.json`, readable by its owner alone. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Samples, parseSamples } from '@civitai-oauth/provider/emulator'
import { Failure, codeOf } from './failure.ts'

const fileIn = (folder: string): string => join(folder, 'samples.json')

/** `undefined` for a folder that has none yet. */
export const readSamples = async (folder: string): Promise<Samples | undefined> => {
  const file = fileIn(folder)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return
    throw new Failure(
      `Cannot read ${file} (${codeOf(error)}): mend its permissions, or choose another folder with --data.`,
    )
  }
  const samples = parseSamples(text)
  if (samples === undefined) throw new Failure(`${file} is not what this version writes: delete it and start again.`)
  return samples
}

/** Written beside and moved into place, so that a reader never sees half of it. */
export const writeSamples = async (folder: string, samples: Samples): Promise<void> => {
  const file = fileIn(folder)
  try {
    await writeFile(`${file}.new`, `${JSON.stringify(samples, null, 2)}\n`, { mode: 0o600 })
    await rename(`${file}.new`, file)
  } catch (error) {
    throw new Failure(
      `Cannot write ${file} (${codeOf(error)}): mend its permissions, or choose another folder with --data.`,
    )
  }
}
