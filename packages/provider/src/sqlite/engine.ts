/**
 * One SQLite connection. What is asked for within one turn of the event loop is done together when the turn ends. Looks
 * share one view of the data, taken after the last of them was asked for. Writes share one transaction, and so one flush
 * to disk: each is answered only after that flush. If any of them throws, all are rolled back and run again one by one,
 * so that a failing write fails alone.
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
  /** A read that waits for the others of its turn: beginning and ending a view costs as much as a look-up in it. */
  look<A>(work: () => A): Promise<A>
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
  const beginView = database.prepare('BEGIN')
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const rollback = () => {
    if (database.isTransaction) database.exec('ROLLBACK')
  }
  const looks: Waiting[] = []
  const writes: Waiting[] = []
  let waited = false

  /** All of them over one view. One that throws fails alone. */
  const lookAt = (group: readonly Waiting[]): void => {
    try {
      if (group.length > 1) beginView.run()
      for (const { work, resolve, reject } of group)
        try {
          resolve(work())
        } catch (cause) {
          reject(new StorageUnavailable(cause))
        }
      if (group.length > 1) commit.run()
    } catch (cause) {
      rollback()
      for (const { reject } of group) reject(new StorageUnavailable(cause))
    }
  }

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

  /** Looks first: they need not wait for a disk. */
  const endTurn = () => {
    waited = false
    if (looks.length > 0) lookAt(looks.splice(0))
    const group = writes.splice(0)
    if (group.length > 0 && !together(group)) for (const one of group) together([one])
  }

  const wait = <A>(list: Waiting[], work: () => A): Promise<A> =>
    new Promise<A>((resolve, reject) => {
      list.push({ work, resolve: resolve as (value: unknown) => void, reject })
      if (!waited) setImmediate(endTurn)
      waited = true
    })

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
    look: (work) => wait(looks, work),
    write: (work) => wait(writes, work),
    close: async () => {
      // Nothing is asked for any more by whoever closes: this turn is the last.
      if (waited) await new Promise<void>((done) => void setImmediate(done))
      database.close()
    },
  }
}
