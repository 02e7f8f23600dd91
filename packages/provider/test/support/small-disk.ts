/** A disk of four megabytes that can be filled up: a tmpfs, which only root may mount. */
import { spawnSync } from 'node:child_process'
import { chownSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  readonly folder: string
  fill(): void
  free(): void
  remove(): void
}

/** `undefined` where it may not be mounted. `owner`: whose it is. */
export const smallDisk = (owner?: number): SmallDisk | undefined => {
  const mounted = mkdtempSync(join(tmpdir(), 'civitai-disk-'))
  const remove = () => {
    spawnSync('umount', ['-l', mounted])
    rmSync(mounted, { recursive: true })
  }
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', mounted]).status !== 0) {
    rmSync(mounted, { recursive: true })
    return undefined
  }
  if (owner !== undefined) chownSync(mounted, owner, owner)
  const ballast = join(mounted, 'ballast')
  return {
    folder: mounted,
    fill: () => {
      const file = openSync(ballast, 'a')
      try {
        for (let size = 65_536; size >= 1;)
          try {
            writeSync(file, Buffer.alloc(size))
          } catch {
            size = Math.floor(size / 2)
          }
      } finally {
        closeSync(file)
      }
    },
    free: () => rmSync(ballast),
    remove,
  }
}
