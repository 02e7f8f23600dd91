/**
 * One SQLite connection. Writes asked for within one turn of the event loop share one transaction, and so one flush to
 * disk: each is answered only after that flush. If any of them throws, all are rolled back and run again one by one, so
 * that a failing write fails alone.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Row, Value } from '../rows/row.ts'
import { StorageUnavailable } from '../storage/storage.ts'

export interface Statement {
  get(...values: Value[]): Row | undefined
  all(...values: Value[]): readonly Row[]
  /** Answers how many rows changed. */
  run(...values: Value[]): number
}

export interface Engine {
  readonly database: DatabaseSync
  prepare(sql: string): Statement
  /** Runs now: no write is ever half done between turns. */
  read<A>(work: () => A): Promise<A>
  write<A>(work: () => A): Promise<A>
  /** Waits for the writes asked for, then closes. */
  close(): Promise<void>
}

interface Waiting {
  readonly work: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

const statementOf = (prepared: StatementSync): Statement => {
  prepared.setReturnArrays(true)
  return {
    get: (...values) => prepared.get(...values) as unknown as Row | undefined,
    all: (...values) => prepared.all(...values) as unknown as readonly Row[],
    run: (...values) => Number(prepared.run(...values).changes),
  }
}

export const engineOf = (database: DatabaseSync): Engine => {
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const rollback = () => {
    if (database.isTransaction) database.exec('ROLLBACK')
  }
  let queue: Waiting[] = []
  let flushed: Promise<void> | undefined

  /** All of them in one transaction; false when that failed and nothing was kept. */
  const together = (group: readonly Waiting[]): boolean => {
    const results: unknown[] = []
    try {
      begin.run()
      for (const { work } of group) results.push(work())
      commit.run()
    } catch (cause) {
      rollback()
      if (group.length > 1) return false
      group[0]?.reject(new StorageUnavailable(cause))
      return true
    }
    group.forEach(({ resolve }, at) => resolve(results[at]))
    return true
  }

  const flush = () => {
    const group = queue
    queue = []
    flushed = undefined
    if (!together(group)) for (const one of group) together([one])
  }

  return {
    database,
    prepare: (sql) => statementOf(database.prepare(sql)),
    read: async (work) => {
      try {
        return work()
      } catch (cause) {
        throw new StorageUnavailable(cause)
      }
    },
    write: <A>(work: () => A) =>
      new Promise<A>((resolve, reject) => {
        queue.push({ work, resolve: resolve as (value: unknown) => void, reject })
        flushed ??= new Promise((done) => {
          setImmediate(() => {
            flush()
            done()
          })
        })
      }),
    close: async () => {
      // Nothing is asked for any more by whoever closes: one flush is the last.
      await flushed
      database.close()
    },
  }
}
