import { accountOf, personColumns, personOf } from '../rows/person.ts'
import type { Row } from '../rows/row.ts'
import type { PeopleStorage, SessionStorage } from '../storage/people.ts'
import type { Engine } from './engine.ts'

export const peopleStorage = (engine: Engine): PeopleStorage => {
  const columns = `${personColumns('people')}, password, sample`
  const byId = engine.prepare(`SELECT ${columns} FROM people WHERE id = $1`)
  const byUsername = engine.prepare(`SELECT ${columns} FROM people WHERE lower(username) = lower($1)`)
  const byEmail = engine.prepare(`SELECT ${columns} FROM people WHERE lower(email) = lower($1)`)
  const samples = engine.prepare(`SELECT ${columns} FROM people WHERE sample = 1 ORDER BY id LIMIT 100`)
  const keep = engine.prepare('SELECT tag, id_, staff_ FROM civitai_keep_person($1, $2, $3, $4, $5, $6)')
  const staff = engine.prepare(`SELECT ${columns} FROM people WHERE staff = 1 ORDER BY id`)
  const setStaff = engine.prepare(
    `WITH changed AS (UPDATE people SET staff = $2 WHERE id = $1 AND staff <> $2 RETURNING id)
     INSERT INTO audit (at, kind, client_id, owner_id, person_id, actor_id, detail)
     SELECT $3, CASE WHEN $2 = 1 THEN 'staff-added' ELSE 'staff-removed' END, NULL, NULL, id, NULL, '{}' FROM changed`,
  )
  const create = engine.prepare('SELECT tag, id_ FROM civitai_create_person($1, $2, $3, $4, $5, $6, $7, $8, $9)')
  return {
    create: async (person, now) => {
      const { uuid, username, email, emailVerified, picture, staff, sample, password } = person
      const flags = [Number(emailVerified), Number(staff), Number(sample)] as const
      const row = await create.get(uuid, username, email, flags[0], picture, flags[1], flags[2], password, now)
      const [tag, id] = row as Row
      return tag === 'Created'
        ? { _tag: 'Created', person: { id: id as number, uuid, username, email, emailVerified, picture, staff } }
        : { _tag: 'Taken', field: tag as 'username' | 'email' }
    },
    keep: async ({ uuid, username, email, emailVerified, picture }, now) => {
      const row = await keep.get(uuid, username, email, Number(emailVerified), picture, now)
      const [tag, id, staffed] = row as Row
      return tag === 'Kept'
        ? {
            _tag: 'Kept',
            person: { id: id as number, uuid, username, email, emailVerified, picture, staff: staffed === 1 },
          }
        : { _tag: 'Taken', field: tag as 'username' | 'email' }
    },
    byId: async (id) => accountOf(await byId.get(id)),
    byUsername: async (username) => accountOf(await byUsername.get(username)),
    byEmail: async (email) => accountOf(await byEmail.get(email)),
    samples: async () => (await samples.all()).map((row) => personOf(row)),
    setStaff: async (id, on, now) => (await setStaff.run(id, Number(on), now)) === 1,
    staff: async () => (await staff.all()).map((row) => personOf(row)),
  }
}

export const sessionStorage = (engine: Engine): SessionStorage => {
  const begin = engine.prepare(
    `WITH ended AS (DELETE FROM sessions WHERE id_hash = $5)
     INSERT INTO sessions (id_hash, person_id, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
  )
  const find = engine.prepare(
    `SELECT ${personColumns('people')}, sessions.created_at
     FROM sessions JOIN people ON people.id = sessions.person_id WHERE id_hash = $1 AND expires_at > $2`,
  )
  const end = engine.prepare('DELETE FROM sessions WHERE id_hash = $1')
  const endAll = engine.prepare('DELETE FROM sessions WHERE person_id = $1')
  return {
    begin: async ({ idHash, personId, now, expiresAt, replaces }) =>
      void (await begin.run(idHash, personId, now, expiresAt, replaces)),
    find: async (idHash, now) => {
      const row = await find.get(idHash, now)
      return row ? { person: personOf(row), createdAt: row[7] as number } : null
    },
    end: async (idHash) => void (await end.run(idHash)),
    endAll: async (personId) => void (await endAll.run(personId)),
  }
}
