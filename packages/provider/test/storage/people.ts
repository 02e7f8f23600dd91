import { expect } from 'vitest'
import { digest, mint } from '../../src/token.ts'
import type { Contract } from './contract.ts'
import { start, minute, tally } from './given.ts'

export const people: Contract = (it) => {
  it('names and addresses are unique whatever the case', async ({ storage, ada }) => {
    const like = {
      uuid: mint('plain'),
      emailVerified: false,
      picture: null,
      staff: false,
      sample: false,
      password: null,
    }
    const create = (username: string, email: string | null) =>
      storage.people.create({ ...like, username, email }, start)
    expect(await create('ADA', null)).toEqual({ _tag: 'Taken', field: 'username' })
    expect(await create('cy', 'Bob@Example.com')).toEqual({ _tag: 'Taken', field: 'email' })
    expect((await storage.people.byUsername('Ada'))?.person.id).toBe(ada.id)
    expect((await storage.people.byEmail('ADA@EXAMPLE.COM'))?.person.id).toBe(ada.id)
    expect(await storage.people.byId(999_999)).toBeNull()
  })

  it('of many who want one name, one gets it', async ({ racing }) => {
    const results = await racing(10, (on, at) =>
      on.people.create(
        {
          uuid: mint('plain'),
          username: at % 2 ? 'Cy' : 'cy',
          email: null,
          emailVerified: false,
          picture: null,
          staff: false,
          sample: false,
          password: null,
        },
        start,
      ),
    )
    expect(tally(results)).toEqual({ Created: 1, Taken: 9 })
  })

  it('keeps people of elsewhere by their uuid, up to date, and takes nothing of anybody else’s', async ({
    storage,
    ada,
    bob,
  }) => {
    const cy = { uuid: mint('plain'), username: 'cy', email: 'cy@example.com', emailVerified: true, picture: null }
    const made = await storage.people.keep(cy, start)
    const id = made._tag === 'Kept' ? made.person.id : 0
    expect(made).toEqual({ _tag: 'Kept', person: { id, ...cy, staff: false } })
    await storage.people.setStaff(id, true, start)
    const moved = { ...cy, username: 'Cyd', email: null, emailVerified: false, picture: 'https://pictures.example/cyd' }
    expect(await storage.people.keep(moved, start)).toEqual({ _tag: 'Kept', person: { id, ...moved, staff: true } })
    expect((await storage.people.byId(id))?.person).toEqual({ id, ...moved, staff: true })
    const named = { ...moved, username: 'ADA' }
    expect(await storage.people.keep(named, start)).toEqual({ _tag: 'Taken', field: 'username' })
    const addressed = { ...moved, email: 'Bob@Example.com' }
    expect(await storage.people.keep(addressed, start)).toEqual({ _tag: 'Taken', field: 'email' })
    expect((await storage.people.byId(id))?.person).toEqual({ id, ...moved, staff: true })
    expect(await storage.people.byUsername('ada')).toMatchObject({ person: ada })
    expect(await storage.people.byEmail('bob@example.com')).toMatchObject({ person: bob })
  })

  it('of many sign-ins of one new person from elsewhere all find the same', async ({ racing }) => {
    const cy = { uuid: mint('plain'), username: 'cy', email: 'cy@example.com', emailVerified: true, picture: null }
    const results = await racing(10, (on) => on.people.keep(cy, start))
    expect(new Set(results.map((kept) => (kept._tag === 'Kept' ? kept.person.id : 'taken'))).size).toBe(1)
  })

  it('O2 a person becomes staff and stops being it, in every session at once, and their log says so', async ({
    storage,
    other,
    bob,
    session,
  }) => {
    const seen = async () => (await (other ?? storage).sessions.find(session, start))?.person.staff
    expect(await seen()).toBe(false)
    expect(await storage.people.setStaff(bob.id, true, start + 1)).toBe(true)
    expect(await storage.people.setStaff(bob.id, true, start + 2)).toBe(false)
    expect(await seen()).toBe(true)
    expect(await storage.people.staff()).toEqual([{ ...bob, staff: true }])
    expect(await storage.people.setStaff(bob.id, false, start + 3)).toBe(true)
    expect(await storage.people.setStaff(999_999, true, start)).toBe(false)
    expect(await seen()).toBe(false)
    expect(await storage.people.staff()).toEqual([])
    expect(await storage.audit.ofPerson(bob.id, { before: null, limit: 9 })).toMatchObject([
      { kind: 'staff-removed', at: start + 3, personId: bob.id, actorId: null, clientId: null },
      { kind: 'staff-added', at: start + 1 },
    ])
  })

  it('of many who make one person staff one does, and one event says so', async ({ storage, bob, racing }) => {
    const results = await racing(10, (on) => on.people.setStaff(bob.id, true, start))
    expect(results.filter(Boolean)).toHaveLength(1)
    expect(await storage.audit.ofPerson(bob.id, { before: null, limit: 9 })).toHaveLength(1)
  })

  it('a session is found until it ends, and one that is replaced is gone', async ({ storage, ada, session }) => {
    const [one, two] = [digest('one'), digest('two')]
    const begin = (idHash: Uint8Array, replaces: Uint8Array | null) =>
      storage.sessions.begin({ idHash, personId: ada.id, now: start, expiresAt: start + minute, replaces })
    await begin(one, null)
    expect(await storage.sessions.find(one, start)).toEqual({ person: ada, createdAt: start })
    expect(await storage.sessions.find(one, start + minute)).toBeNull()
    await begin(two, one)
    expect(await storage.sessions.find(one, start)).toBeNull()
    await storage.sessions.endAll(ada.id)
    expect(await storage.sessions.find(two, start)).toBeNull()
    expect(await storage.sessions.find(session, start)).not.toBeNull()
  })
}
