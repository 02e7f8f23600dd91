import type { Person } from '../provider.ts'
import type { Account } from '../storage/people.ts'
import type { Row } from './row.ts'

/** The columns `personOf` reads, of the table named. */
export const personColumns = (table: string): string =>
  ['id', 'uuid', 'username', 'email', 'email_verified', 'picture', 'staff'].map((name) => `${table}.${name}`).join(', ')

export const personOf = (row: Row, from = 0): Person => ({
  id: row[from] as number,
  uuid: row[from + 1] as string,
  username: row[from + 2] as string,
  email: row[from + 3] as string | null,
  emailVerified: row[from + 4] === 1,
  picture: row[from + 5] as string | null,
  staff: row[from + 6] === 1,
})

/** `personOf`, then the password and whether it is a sample. */
export const accountOf = (row: Row | undefined): Account | null =>
  row ? { person: personOf(row), password: row[7] as string | null, sample: row[8] === 1 } : null
