import type { KeptPost } from '../storage/posts.ts'
import type { Row } from './row.ts'

export const postColumns = 'id, title, content, client_id, created_at'

export const postOf = (row: Row): KeptPost => ({
  id: row[0] as number,
  title: row[1] as string,
  content: row[2] as string,
  clientId: row[3] as string | null,
  createdAt: row[4] as number,
})
