/** Where a server keeps what it knows: a folder with a SQLite file, or a Postgres database. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Provider, type StorageSource, createProvider } from '@civitai-oauth/provider'
import { sqlite } from '@civitai-oauth/provider/sqlite'
import { Failure } from './failure.ts'

export type Place =
  | { readonly _tag: 'Folder'; readonly folder: string }
  /** `postgres://…`, with its password: never printed. */
  | { readonly _tag: 'Database'; readonly url: string }

/** The SQLite file in a data folder. */
export const dataFile = (folder: string): string => join(resolve(folder), 'civitai.db')

/** What `--data` and `DATABASE_URL` say, or `undefined` for neither. */
export const placeOf = (data: string | undefined, databaseUrl: string | undefined): Place | undefined => {
  if (data !== undefined && databaseUrl)
    throw new Failure('--data names a folder and DATABASE_URL a database: give one of them.')
  if (data !== undefined) return { _tag: 'Folder', folder: data }
  if (!databaseUrl) return
  if (!/^postgres(ql)?:\/\//.test(databaseUrl) || !URL.canParse(databaseUrl))
    throw new Failure('DATABASE_URL must look like postgres://user:password@host:5432/database.')
  return { _tag: 'Database', url: databaseUrl }
}

/** The Postgres client is loaded where it is used, and nowhere else. */
export const storageAt = async (place: Place): Promise<StorageSource> =>
  place._tag === 'Folder'
    ? sqlite({ file: dataFile(place.folder) })
    : (await import('@civitai-oauth/provider/postgres')).postgres({ url: place.url })

/**
 * Runs `work` on data that exists already, also beside a server that is running on it. Addresses are never made here, so
 * the origin does not matter.
 */
export const withData = async <A>(place: Place, work: (provider: Provider) => Promise<A>): Promise<A> => {
  if (place._tag === 'Folder' && !existsSync(dataFile(place.folder)))
    throw new Failure(`There is no data in ${place.folder}: name the folder that "dev" or "serve" keeps its data in.`)
  const provider = await createProvider({ issuer: 'http://localhost', storage: await storageAt(place) })
  try {
    return await work(provider)
  } finally {
    await provider.close()
  }
}
