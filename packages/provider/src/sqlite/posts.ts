import type { KeptPost, PostStorage } from '../storage/posts.ts'
import type { Engine, Row } from './engine.ts'

const postOf = (row: Row): KeptPost => ({
  id: row[0] as number,
  title: row[1] as string,
  content: row[2] as string,
  clientId: row[3] as string | null,
  createdAt: row[4] as number,
})

export const postStorage = (engine: Engine): PostStorage => {
  const columns = 'id, title, content, client_id, created_at'
  const insert = engine.prepare(
    `INSERT INTO posts (person_id, title, content, client_id, created_at) VALUES (?, ?, ?, ?, ?) RETURNING ${columns}`,
  )
  const list = engine.prepare(`SELECT ${columns} FROM posts WHERE person_id = ? ORDER BY id DESC LIMIT 100`)
  return {
    create: ({ personId, title, content, clientId }, now) =>
      engine.write(() => postOf(insert.get(personId, title, content, clientId, now) as Row)),
    list: (personId) => engine.read(() => list.all(personId).map(postOf)),
  }
}
