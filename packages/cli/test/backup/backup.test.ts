import { existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProvider } from '@civitai-oauth/provider'
import { sqlite } from '@civitai-oauth/provider/sqlite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { backup } from '../../src/backup/backup.ts'
import { dataFile, withData } from '../../src/data.ts'

describe('civitai-oauth backup', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('copies what a running server keeps, for its owner alone, and the copy works in its place', async () => {
    const [data, restored, to] = [join(folder, 'data'), join(folder, 'restored'), join(folder, 'copy.db')]
    const storage = sqlite({ file: dataFile(data) })
    const provider = await createProvider({ issuer: 'http://localhost', storage })
    await provider.admin.createPerson({ username: 'ada' })
    const said = vi.spyOn(console, 'log').mockImplementation(() => {})
    await backup(['--data', data, '--to', to])
    expect(said).toHaveBeenCalledWith(expect.stringContaining(`Copied to ${to}.`))
    said.mockRestore()
    expect(statSync(to).mode & 0o077).toBe(0)
    await expect(backup(['--data', data, '--to', to])).rejects.toThrow(to)
    await provider.close()

    mkdirSync(restored)
    renameSync(to, dataFile(restored))
    const place = { _tag: 'Folder', folder: restored } as const
    expect(await withData(place, ({ admin }) => admin.findPerson('ada'))).toMatchObject({ username: 'ada' })
  })

  it('says what is missing, and makes nothing', async () => {
    await expect(backup(['--data', folder])).rejects.toThrow('--to FILE')
    const to = join(folder, 'none.db')
    await expect(backup(['--data', join(folder, 'nothing'), '--to', to])).rejects.toThrow('There is no data in')
    expect(existsSync(to)).toBe(false)
  })
})
