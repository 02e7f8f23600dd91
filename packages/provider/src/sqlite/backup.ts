/** A copy of a data file, whole and consistent, while the server goes on writing to it. */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'
import { StorageCannotOpen } from '../storage/storage.ts'
import { makePrivate } from './private-file.ts'

/**
 * Copies `file` to `to`, which must not be there yet. Answers when the copy is whole; its owner alone can read it.
 *
 * @throws {StorageCannotOpen} where one of the two cannot be used; the message is one sentence.
 */
export const backupSqlite = async ({ file, to }: { readonly file: string; readonly to: string }): Promise<void> => {
  if (!existsSync(file)) throw new StorageCannotOpen(`There is no data file ${file}. Check the folder given.`)
  if (existsSync(to)) throw new StorageCannotOpen(`There is a file ${to} already. Choose another name for the backup.`)
  // Under another name until it is whole, so that half a backup is never taken for one.
  const unfinished = `${to}.unfinished`
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
    try {
      makePrivate(unfinished)
      await backup(database, unfinished)
    } finally {
      database.close()
    }
    renameSync(unfinished, to)
  } catch (cause) {
    rmSync(unfinished, { force: true })
    const { message } = cause as Error
    throw new StorageCannotOpen(`Cannot back up ${file} to ${to}: ${message}. Choose another place.`, cause)
  }
}
