import { accountOf, personColumns, personOf } from '../rows/person.ts'
import type { Row } from '../rows/row.ts'
import type { PeopleStorage, SessionStorage } from '../storage/people.ts'
import { noteOf } from './audit.ts'
import type { Engine } from './engine.ts'

export const peopleStorage = (engine: Engine): PeopleStorage => {
  const columns = `${personColumns('people')}, password, sample`
  const byId = engine.prepare(`SELECT ${columns} FROM people WHERE id = ?`)
  const byUsername = engine.prepare(`SELECT ${columns} FROM people WHERE username = ?`)
  const byEmail = engine.prepare(`SELECT ${columns} FROM people WHERE email = ?`)
  const samples = engine.prepare(`SELECT ${columns} FROM people WHERE sample = 1 ORDER BY id LIMIT 100`)
  const keep = engine.prepare(
    `INSERT INTO people (uuid, username, email, email_verified, picture, staff, sample, password, created_at)
     VALUES (?, ?, ?, ?, ?, 0, 0, NULL, ?)
     ON CONFLICT (uuid) DO UPDATE SET username = excluded.username, email = excluded.email,
       email_verified = excluded.email_verified, picture = excluded.picture RETURNING ${columns}`,
  )
  const staff = engine.prepare(`SELECT ${columns} FROM people WHERE staff = 1 ORDER BY id`)
  const setStaff = engine.prepare('UPDATE people SET staff = ?1 WHERE id = ?2 AND staff <> ?1')
  const note = noteOf(engine)
  const insert = engine.prepare(
    `INSERT INTO people (uuid, username, email, email_verified, picture, staff, sample, password, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING ${columns}`,
  )
  return {
    create: (person, now) =>
      engine.write(() => {
        if (byUsername.get(person.username)) return { _tag: 'Taken', field: 'username' }
        if (person.email !== null && byEmail.get(person.email)) return { _tag: 'Taken', field: 'email' }
        const row = insert.get(
          person.uuid,
          person.username,
          person.email,
          Number(person.emailVerified),
          person.picture,
          Number(person.staff),
          Number(person.sample),
          person.password,
          now,
        ) as Row
        return { _tag: 'Created', person: personOf(row) }
      }),
    keep: (person, now) =>
      engine.write(() => {
        const isOther = (row: Row | undefined) => row !== undefined && row[1] !== person.uuid
        if (isOther(byUsername.get(person.username))) return { _tag: 'Taken', field: 'username' }
        if (person.email !== null && isOther(byEmail.get(person.email))) return { _tag: 'Taken', field: 'email' }
        const { uuid, username, email, picture } = person
        const row = keep.get(uuid, username, email, Number(person.emailVerified), picture, now) as Row
        return { _tag: 'Kept', person: personOf(row) }
      }),
    byId: (id) => engine.read(() => accountOf(byId.get(id))),
    byUsername: (username) => engine.read(() => accountOf(byUsername.get(username))),
    byEmail: (email) => engine.read(() => accountOf(byEmail.get(email))),
    samples: () => engine.read(() => samples.all().map((row) => personOf(row))),
    setStaff: (id, on, now) =>
      engine.write(() => {
        if (setStaff.run(Number(on), id) === 0) return false
        const kind = on ? 'staff-added' : 'staff-removed'
        note({ at: now, kind, clientId: null, personId: id, actorId: null, detail: {} })
        return true
      }),
    staff: () => engine.read(() => staff.all().map((row) => personOf(row))),
  }
}

export const sessionStorage = (engine: Engine): SessionStorage => {
  const insert = engine.prepare('INSERT INTO sessions (id_hash, person_id, created_at, expires_at) VALUES (?, ?, ?, ?)')
  const find = engine.prepare(
    `SELECT ${personColumns('people')}, sessions.created_at
     FROM sessions JOIN people ON people.id = sessions.person_id
     WHERE id_hash = ? AND expires_at > ?`,
  )
  const end = engine.prepare('DELETE FROM sessions WHERE id_hash = ?')
  const endAll = engine.prepare('DELETE FROM sessions WHERE person_id = ?')
  return {
    begin: ({ idHash, personId, now, expiresAt, replaces }) =>
      engine.write(() => {
        if (replaces) end.run(replaces)
        insert.run(idHash, personId, now, expiresAt)
      }),
    find: (idHash, now) =>
      engine.read(() => {
        const row = find.get(idHash, now)
        return row ? { person: personOf(row), createdAt: row[7] as number } : null
      }),
    end: (idHash) => engine.write(() => void end.run(idHash)),
    endAll: (personId) => engine.write(() => void endAll.run(personId)),
  }
}
