import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'

const isBusy = (cause: unknown): boolean => (cause as { readonly errcode?: number } | null)?.errcode === 5

/**
 * Makes a data file write ahead. Of processes that start at once on a new one, one does; SQLite refuses the others there
 * and then, however long they are ready to wait. So they ask again, for `waitMs` at the most.
 */
export const writeAhead = async (database: Pick<DatabaseSync, 'exec'>, waitMs: number): Promise<void> => {
  const until = performance.now() + waitMs
  for (;;)
    try {
      database.exec('PRAGMA journal_mode = WAL')
      return
    } catch (cause) {
      if (!isBusy(cause) || performance.now() > until) throw cause
      await wait(10)
    }
}
