import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Engine, engineOf } from '../../src/sqlite/engine.ts'
import { backupSqlite, sqlite } from '../../src/sqlite/index.ts'
import { writeAhead } from '../../src/sqlite/write-ahead.ts'

describe('writes of one turn', () => {
  const opened = () => {
    const database = new DatabaseSync(':memory:')
    database.exec('CREATE TABLE numbers (value INTEGER PRIMARY KEY)')
    const engine = engineOf(database)
    const insert = engine.prepare('INSERT INTO numbers VALUES (?)')
    const values = () => engine.prepare('SELECT value FROM numbers ORDER BY value').all().flat()
    return { engine, insert: (value: number) => engine.write(() => insert.run(value)), values }
  }

  it('are kept together, and answered only when they are kept', async () => {
    const { engine, insert, values } = opened()
    const waiting = [1, 2, 3].map(insert)
    expect(values()).toEqual([])
    expect(await Promise.all(waiting)).toEqual([1, 1, 1])
    expect(values()).toEqual([1, 2, 3])
    await engine.close()
  })

  it('one that fails fails alone', async () => {
    const { engine, insert, values } = opened()
    const results = await Promise.allSettled([1, 2, 1, 3].map(insert))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(results[2]).toMatchObject({ reason: { _tag: 'StorageUnavailable' } })
    expect(values()).toEqual([1, 2, 3])
    await engine.close()
  })

  it('what was asked for before closing is kept', async () => {
    const { engine, insert } = opened()
    const waiting = insert(1)
    await engine.close()
    expect(await waiting).toBe(1)
  })
})

describe('looks of one turn', () => {
  let folder: string
  let other: DatabaseSync
  let engine: Engine
  let values: () => Promise<readonly unknown[]>
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
    const file = join(folder, 'data.sqlite')
    other = new DatabaseSync(file)
    other.exec(
      'PRAGMA journal_mode = WAL; CREATE TABLE numbers (value INTEGER PRIMARY KEY); INSERT INTO numbers VALUES (1)',
    )
    engine = engineOf(new DatabaseSync(file))
    const all = engine.prepare('SELECT value FROM numbers ORDER BY value')
    values = () => engine.look(() => all.all().flat())
  })
  afterEach(async () => {
    await engine.close()
    other.close()
    rmSync(folder, { recursive: true })
  })

  it('T4 see all that another process kept before this turn ended', async () => {
    const looking = [values(), values()]
    other.exec('INSERT INTO numbers VALUES (2)')
    expect(await Promise.all(looking)).toEqual([
      [1, 2],
      [1, 2],
    ])
    other.exec('DELETE FROM numbers')
    expect(await Promise.all([values(), values()])).toEqual([[], []])
    expect(await values()).toEqual([])
  })

  it('share one view, though another process writes in the middle of them', async () => {
    const first = values()
    const between = engine.look(() => other.exec('INSERT INTO numbers VALUES (2)'))
    const last = values()
    expect(await Promise.all([first, between, last])).toEqual([[1], undefined, [1]])
    expect(await values()).toEqual([1, 2])
  })

  it('one that fails fails alone', async () => {
    const failing = engine.look(() => {
      throw new Error('unreadable')
    })
    const results = await Promise.allSettled([values(), failing, values()])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(results[1]).toMatchObject({ reason: { _tag: 'StorageUnavailable' } })
    expect(await values()).toEqual([1])
  })

  it('are answered before the engine closes', async () => {
    const looking = values()
    await engine.close()
    expect(await looking).toEqual([1])
    engine = engineOf(new DatabaseSync(':memory:'))
  })
})

describe('opening a file', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'civitai-oauth-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('makes its folder, and opens what it made again', async () => {
    const source = sqlite({ file: join(folder, 'a', 'b', 'data.sqlite') })
    await (await source.open()).upkeep.close()
    await (await source.open()).upkeep.close()
  })

  const refusing = (...refusals: readonly number[]) => {
    const left = [...refusals]
    return {
      left,
      exec: () => {
        const errcode = left.shift()
        if (errcode !== undefined) throw Object.assign(new Error('refused'), { errcode })
      },
    }
  }
  const [busy, full] = [5, 13]

  it('asks again while another process makes the new file write ahead, and not for any other reason', async () => {
    await writeAhead(refusing(busy, busy), 5000)
    const disk = refusing(full, full)
    await expect(writeAhead(disk, 5000)).rejects.toMatchObject({ errcode: full })
    expect(disk.left).toEqual([full])
    await expect(writeAhead(refusing(busy, busy, busy), -1)).rejects.toMatchObject({ errcode: busy })
  })

  it.each([
    ['is a folder', (path: string) => mkdirSync(path)],
    ['is no database', (path: string) => writeFileSync(path, 'not a database, and longer than a header: '.repeat(30))],
    [
      'was made by a newer program',
      (path: string) => {
        const database = new DatabaseSync(path)
        database.exec('PRAGMA user_version = 999')
        database.close()
      },
    ],
  ])('that %s is refused in one sentence', async (_, make) => {
    const file = join(folder, 'data.sqlite')
    make(file)
    await expect(sqlite({ file }).open()).rejects.toMatchObject({
      _tag: 'StorageCannotOpen',
      message: expect.stringContaining(`Cannot open the data file ${file}: `),
    })
  })

  it('T1 only its owner reads it, what lies beside it and its backup, also where it was open to others before', async () => {
    const file = join(folder, 'data.sqlite')
    const copy = join(folder, 'copy.sqlite')
    const modes = (...paths: readonly string[]) => paths.map((path) => (statSync(path).mode & 0o777).toString(8))
    const before = process.umask(0o022)
    try {
      const first = await sqlite({ file }).open()
      expect(modes(file, `${file}-wal`, `${file}-shm`)).toEqual(['600', '600', '600'])
      await backupSqlite({ file, to: copy })
      expect(modes(copy)).toEqual(['600'])
      for (const path of [file, `${file}-wal`, `${file}-shm`]) chmodSync(path, 0o644)
      const second = await sqlite({ file }).open()
      expect(modes(file, `${file}-wal`, `${file}-shm`)).toEqual(['600', '600', '600'])
      await second.upkeep.close()
      await first.upkeep.close()
    } finally {
      process.umask(before)
    }
  })

  it('writes are durable: WAL, flushed at every commit', async () => {
    const file = join(folder, 'data.sqlite')
    const storage = await sqlite({ file }).open()
    const database = new DatabaseSync(file, { readOnly: true })
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    database.close()
    await storage.upkeep.close()
  })
})
