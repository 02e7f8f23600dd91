/** `civitai-oauth backup`: copies a data file while the server goes on, as it stands at one moment. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { backupSqlite } from '@civitai-oauth/provider/sqlite'
import { dataFile } from '../data.ts'
import { Failure } from '../failure.ts'
import { parse } from '../options.ts'
import { backupOptions } from './options.ts'

export const backup = async (args: readonly string[]): Promise<void> => {
  const { data = '.civitai', to } = parse('backup', backupOptions, args)
  if (to === undefined) throw new Failure('Say where the copy goes: --to FILE. (For Postgres, use pg_dump.)')
  const file = dataFile(data)
  if (!existsSync(file))
    throw new Failure(`There is no data in ${data}: name the folder that "dev" or "serve" keeps its data in.`)
  await backupSqlite({ file, to: resolve(to) })
  console.log(`Copied to ${to}. Put it in place as civitai.db of a data folder to go on from there.`)
}
