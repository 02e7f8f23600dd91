import { afterEach, describe, expect, it } from 'vitest'
import type { OutsidePerson } from '../../src/index.ts'
import { type World, worldOf } from '../support/world.ts'

const eve: OutsidePerson = {
  uuid: '4c8f2f3e-8a8e-4d4e-9a58-0b8c7d3f1a11',
  username: 'eve',
  email: 'eve@example.com',
  emailVerified: true,
  picture: 'https://pictures.example/eve.png',
}
const right = { email: 'eve@example.com', password: 'hers elsewhere', address: '198.51.100.7' }

describe('where accounts are kept elsewhere', () => {
  let world: World
  let answer: () => unknown
  let asked: number
  afterEach(() => world.provider.close())

  const begin = async (limits: 'on' | 'off' = 'off') => {
    answer = () => eve
    asked = 0
    const signIn = async ({ password }: { readonly password: string }) => {
      asked += 1
      return (password === right.password ? answer() : null) as OutsidePerson | null
    }
    world = await worldOf({ accounts: { signIn }, limits })
  }

  it('their owner is made at the first sign-in, and brought up to date at the next, as the same person', async () => {
    await begin()
    const { accounts, audit } = world.provider
    const first = await accounts.signIn(right, null)
    if (first._tag !== 'SignedIn') throw new Error(first._tag)
    expect(first.person).toEqual({ ...eve, id: first.person.id, staff: false })
    const [cookie = ''] = first.cookie.split(';')
    expect(await accounts.current(cookie)).toMatchObject({ person: { username: 'eve' } })
    answer = () => ({ ...eve, username: 'Eva', email: null, emailVerified: false })
    expect(await accounts.signIn(right, null)).toMatchObject({ person: { id: first.person.id, username: 'Eva' } })
    expect(await audit.ofPerson(first.person)).toMatchObject([{ kind: 'signed-in', detail: { how: 'elsewhere' } }, {}])
  })

  it('a wrong password is wrong, and none that is kept here is looked at', async () => {
    await begin()
    const { accounts, admin } = world.provider
    await admin.createPerson({ username: 'cy', email: 'cy@example.com', password: 'kept here and good' })
    const here = { email: 'cy@example.com', password: 'kept here and good', address: '' }
    expect(await accounts.signIn(here, null)).toEqual({ _tag: 'WrongCredentials' })
  })

  it('H5 nobody elsewhere is asked about a password or an address longer than any', async () => {
    await begin()
    for (const long of [{ password: 'x'.repeat(1025) }, { email: `${'x'.repeat(320)}@example.com` }])
      expect(await world.provider.accounts.signIn({ ...right, ...long }, null)).toEqual({ _tag: 'WrongCredentials' })
    expect(asked).toBe(0)
  })

  it('nobody signs up here', async () => {
    await begin()
    const account = { email: 'new@example.com', username: 'newcomer', password: 'long enough to be one', address: '' }
    expect(await world.provider.accounts.signUp(account, null)).toMatchObject({ problems: [{ field: 'email' }] })
    expect(await world.provider.admin.findPerson('newcomer')).toBeNull()
  })

  it('nobody becomes somebody else who has the same name or address here', async () => {
    await begin()
    const { accounts } = world.provider
    answer = () => ({ ...eve, username: 'Ada' })
    expect(await accounts.signIn(right, null)).toEqual({ _tag: 'AccountTaken', field: 'username' })
    answer = () => ({ ...eve, email: 'ADA@example.com' })
    expect(await accounts.signIn(right, null)).toEqual({ _tag: 'AccountTaken', field: 'email' })
  })

  it('guesses are counted before anybody is asked', async () => {
    await begin('on')
    const wrong = { ...right, password: 'a guess' }
    for (let guess = 0; guess < 12; guess++) await world.provider.accounts.signIn(wrong, null)
    expect(asked).toBe(10)
    expect(await world.provider.accounts.signIn(right, null)).toMatchObject({ _tag: 'TooManyAttempts' })
  })

  it('X3 that do not answer, trying again helps, and what went wrong stays here', async () => {
    await begin()
    answer = () => {
      throw new Error('canary')
    }
    await expect(world.provider.accounts.signIn(right, null)).rejects.toMatchObject({ _tag: 'StorageUnavailable' })
  })

  it.each([
    { ...eve, uuid: 'eve' },
    { ...eve, username: 'eve@example.com' },
    { ...eve, username: '' },
    { ...eve, picture: 'javascript:alert(1)' },
    { ...eve, email: 'eve' },
    {},
  ])('what is no person makes none: %j', async (person) => {
    await begin()
    answer = () => person
    await expect(world.provider.accounts.signIn(right, null)).rejects.toThrow()
    expect(await world.provider.admin.findPerson('eve')).toBeNull()
  })
})
