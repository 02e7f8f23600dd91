import { postColumns as columns, postOf } from '../rows/post.ts'
import type { Row } from '../rows/row.ts'
import type { PostStorage } from '../storage/posts.ts'
import type { Engine } from './engine.ts'

export const postStorage = (engine: Engine): PostStorage => {
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
