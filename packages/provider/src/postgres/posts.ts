import { postColumns as columns, postOf } from '../rows/post.ts'
import type { Row } from '../rows/row.ts'
import type { PostStorage } from '../storage/posts.ts'
import type { Engine } from './engine.ts'

export const postStorage = (engine: Engine): PostStorage => {
  const insert = engine.prepare(
    `INSERT INTO posts (person_id, title, content, client_id, created_at) VALUES ($1, $2, $3, $4, $5)
     RETURNING ${columns}`,
  )
  const list = engine.prepare(`SELECT ${columns} FROM posts WHERE person_id = $1 ORDER BY id DESC LIMIT 100`)
  return {
    create: async ({ personId, title, content, clientId }, now) =>
      postOf((await insert.get(personId, title, content, clientId, now)) as Row),
    list: async (personId) => (await list.all(personId)).map(postOf),
  }
}
