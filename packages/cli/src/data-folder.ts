/** A data folder: where `dev` and `serve` keep what they know. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Provider, createProvider } from '@civitai-oauth/provider'
import { sqlite } from '@civitai-oauth/provider/sqlite'
import { Failure } from './failure.ts'

/** The SQLite file in a data folder. */
export const dataFile = (folder: string): string => join(resolve(folder), 'civitai.db')

/**
 * Runs `work` on the data of a folder that exists already, also beside a server that is running on it. Addresses are
 * never made here, so the origin does not matter.
 */
export const withData = async <A>(folder: string, work: (provider: Provider) => Promise<A>): Promise<A> => {
  const file = dataFile(folder)
  if (!existsSync(file))
    throw new Failure(`There is no data in ${folder}: name the folder that "dev" or "serve" keeps its data in.`)
  const provider = await createProvider({ issuer: 'http://localhost', storage: sqlite({ file }) })
  try {
    return await work(provider)
  } finally {
    await provider.close()
  }
}
