/** A data file holds password hashes and the hashes of tokens: its owner reads it, and nobody else on the machine. */
import { chmodSync, closeSync, openSync, rmSync, statSync } from 'node:fs'

const ownerOnly = 0o600

/** Makes the file if there is none, and closes it to others. SQLite gives the files beside it (`-wal`, `-shm`) its mode. */
export const keepPrivate = (file: string): void => {
  closeSync(openSync(file, 'a', ownerOnly))
  for (const path of [file, `${file}-wal`, `${file}-shm`]) closeToOthers(path)
}

/** A new file in place of whatever lay there: where others may write, that could be theirs, or lead to another file. */
export const makePrivate = (file: string): void => {
  rmSync(file, { force: true })
  closeSync(openSync(file, 'wx', ownerOnly))
}

const closeToOthers = (path: string): void => {
  const found = statSync(path, { throwIfNoEntry: false })
  // Another user's file stays as that user wants it: only the owner may change a mode.
  if (found && (found.mode & 0o077) !== 0 && found.uid === process.getuid?.()) chmodSync(path, ownerOnly)
}
