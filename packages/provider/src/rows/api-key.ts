import type { KeptApiKey } from '../storage/api-keys.ts'
import type { Row } from './row.ts'

export const keyColumns = 'id, name, hint, created_at, last_used_at'

export const keyOf = (row: Row): KeptApiKey => ({
  id: row[0] as number,
  name: row[1] as string,
  hint: row[2] as string,
  createdAt: row[3] as number,
  lastUsedAt: row[4] as number | null,
})
