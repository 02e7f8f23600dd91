import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../src/index.ts'
import { type Client, type World, worldOf } from './support/world.ts'

describe('verification', () => {
  let world: World
  let client: Client
  let mod: Person

  beforeEach(async () => {
    world = await worldOf()
    client = await world.register()
    mod = await world.person('mod', { staff: true })
  })
  afterEach(() => world.provider.close())

  it('an owner asks, staff find it in the queue, and the answer reaches the owner', async () => {
    const { apps, staff } = world.provider
    expect(await apps.verification(world.ada, client.id)).toBeNull()
    const request = { note: ' We are real. ', links: ['https://radio.example.com', 'javascript:alert(1)', ' '] }
    expect(await apps.askForVerification(world.ada, client.id, request)).toEqual({ _tag: 'Asked' })
    const kept = { note: 'We are real.', links: ['https://radio.example.com'], decision: null }
    expect(await apps.verification(world.ada, client.id)).toMatchObject(kept)
    expect(await staff.queue(mod)).toMatchObject({
      _tag: 'Found',
      apps: [{ owner: 'ada', app: { clientId: client.id }, verification: kept }],
    })
    expect(await staff.verify(mod, client.id, true, ' ')).toEqual({ _tag: 'ReasonMissing' })
    expect(await staff.verify(mod, client.id, true, 'Known for years.')).toMatchObject({ app: { verified: true } })
    expect(await staff.queue(mod)).toEqual({ _tag: 'Found', apps: [], next: null })
    expect(await apps.verification(world.ada, client.id)).toMatchObject({
      decision: { verified: true, reason: 'Known for years.' },
    })
    expect(await apps.askForVerification(world.ada, client.id, request)).toEqual({ _tag: 'AlreadyVerified' })
    const [event] = await world.provider.audit.ofApp(world.ada, client.id)
    expect(event).toMatchObject({
      kind: 'app-verified',
      person: 'self',
      by: 'staff',
      detail: { reason: 'Known for years.' },
    })
  })

  it('O2 only staff verify, search, see the queue and read the log of any app', async () => {
    const { staff, apps } = world.provider
    for (const person of [world.ada, world.bob]) {
      expect(await staff.queue(person)).toEqual({ _tag: 'NotStaff' })
      expect(await staff.search(person, '')).toEqual({ _tag: 'NotStaff' })
      expect(await staff.verify(person, client.id, true, 'x')).toEqual({ _tag: 'NotStaff' })
      expect(await staff.trust(person, client.id, true, 'x')).toEqual({ _tag: 'NotStaff' })
      expect(await staff.auditOf(person, client.id)).toEqual({ _tag: 'NotStaff' })
    }
    expect(await apps.get(world.ada, client.id)).toMatchObject({ verified: false, trusted: false })
    expect(await staff.search(mod, 'RADIO')).toMatchObject({ apps: [{ owner: 'ada' }] })
    expect(await staff.search(mod, 'ada')).toMatchObject({ apps: [{ app: { clientId: client.id } }] })
    expect(await staff.auditOf(mod, client.id)).toMatchObject({
      events: [{ kind: 'app-registered' }],
      usernames: new Map([[world.ada.id, 'ada']]),
    })
    expect(await staff.verify(mod, 'unknown', true, 'x')).toEqual({ _tag: 'NotFound' })
  })

  it('O2 search goes on from page to page, so that no app is hidden by many others', async () => {
    const { staff } = world.provider
    const names = ['one', 'two', 'three', 'four'].map((name) => `Copy of ${client.id} ${name}`)
    for (const name of names) await world.register({ name })
    const found: string[] = []
    let after: string | undefined
    do {
      const page = await staff.search(mod, 'copy of', { limit: 3, ...(after ? { after } : {}) })
      if (page._tag !== 'Found') throw new Error('not staff')
      found.push(...page.apps.map(({ app }) => app.name))
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(found).toEqual(names.toReversed())
    expect(await staff.search(mod, client.id, { limit: 1 })).toMatchObject({
      apps: [{ app: { clientId: client.id }, owner: 'ada' }],
      next: null,
    })
  })

  it('O2 the queue goes on from page to page, oldest first, also while staff answer', async () => {
    const { apps, staff } = world.provider
    const names = ['one', 'two', 'three', 'four', 'five']
    for (const name of names) {
      const { id } = await world.register({ name })
      await apps.askForVerification(world.ada, id, { note: '', links: [] })
    }
    const found: string[] = []
    let after: string | undefined
    do {
      const page = await staff.queue(mod, { limit: 2, ...(after ? { after } : {}) })
      if (page._tag !== 'Found') throw new Error('not staff')
      found.push(...page.apps.map(({ app }) => app.name))
      const answered = page.apps.at(-1)?.app.clientId ?? ''
      await staff.verify(mod, answered, true, 'Known.')
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(found.toSorted()).toEqual(names.toSorted())
    expect(await staff.queue(mod, { after: 'nonsense' })).toMatchObject({ apps: [{}, {}], next: null })
  })

  it('O2 who was made staff may verify at their next request, and no longer once that is taken back', async () => {
    const { accounts, admin, audit, staff } = world.provider
    const { cookie } = await world.browserOf(world.bob)
    const bob = async () => (await accounts.current(cookie))?.person as Person
    expect(await admin.findPerson('BOB@example.com')).toEqual(world.bob)
    expect(await admin.setStaff(world.bob, true)).toBe(true)
    expect(await admin.staff()).toMatchObject([{ username: 'bob' }, { username: 'mod' }])
    expect(await staff.verify(await bob(), client.id, true, 'Known.')).toMatchObject({ _tag: 'Decided' })
    expect(await admin.setStaff(world.bob, false)).toBe(true)
    expect(await staff.verify(await bob(), client.id, false, 'x')).toEqual({ _tag: 'NotStaff' })
    expect(await audit.ofPerson(world.bob)).toMatchObject([
      { kind: 'staff-removed', person: 'self', by: null },
      { kind: 'staff-added', person: 'self', by: null },
    ])
  })

  it("O1 nobody asks for another person's app", async () => {
    const { apps } = world.provider
    expect(await apps.askForVerification(world.bob, client.id, { note: '', links: [] })).toEqual({ _tag: 'NotFound' })
    expect(await apps.verification(world.bob, client.id)).toBeNull()
  })
})
