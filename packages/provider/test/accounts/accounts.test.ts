import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProvider } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite/index.ts'
import { stoppedClock } from '../support/clock.ts'
import { type World, worldOf } from '../support/world.ts'

const password = 'a long enough one'
const pairOf = (cookie: string) => cookie.split(';')[0] as string

describe('people and their sessions', () => {
  let world: World
  beforeEach(async () => {
    world = await worldOf({ limits: 'on' })
  })
  afterEach(() => world.provider.close())

  const { accounts } = { accounts: () => world.provider.accounts }
  const signUp = (changes = {}) =>
    accounts().signUp({ email: 'cy@example.com', username: 'cy_b', password, address: '192.0.2.1', ...changes }, null)

  it('a new person is signed in, and can sign in again with the same address in other letters', async () => {
    expect(await signUp()).toMatchObject({ _tag: 'SignedIn', person: { username: 'cy_b', emailVerified: false } })
    const again = await accounts().signIn({ email: ' CY@example.com', password, address: '' }, null)
    expect(again._tag).toBe('SignedIn')
    const wrong = await accounts().signIn({ email: 'cy@example.com', password: 'wrong', address: '' }, null)
    expect(wrong).toEqual({ _tag: 'WrongCredentials' })
    const nobody = await accounts().signIn({ email: 'nobody@example.com', password, address: '' }, null)
    expect(nobody).toEqual({ _tag: 'WrongCredentials' })
  })

  it('every field says what is wrong with it', async () => {
    const result = await signUp({ email: 'x', username: '!', password: 'short' })
    expect(result).toMatchObject({
      _tag: 'Invalid',
      problems: [{ field: 'email' }, { field: 'username' }, { field: 'password' }],
    })
    expect(await signUp({ email: 'a\u0000b@example.com' })).toMatchObject({ problems: [{ field: 'email' }] })
    expect(await signUp({ username: 'ADA' })).toMatchObject({ _tag: 'Invalid', problems: [{ field: 'username' }] })
    expect(await signUp({ email: 'Ada@example.com' })).toMatchObject({
      _tag: 'Invalid',
      problems: [{ field: 'email' }],
    })
  })

  describe('when somebody guesses', () => {
    const email = 'cy@example.com'
    // Longer than any password may be: refused like every wrong one, and at once.
    const wrong = 'x'.repeat(257)
    beforeEach(() => signUp())
    const attempt = (address: string, right: 'right' | 'wrong', spelled = email) =>
      accounts().signIn({ email: spelled, password: right === 'right' ? password : wrong, address }, null)
    const guesses = (addressOf: (time: number) => string) =>
      Promise.all(
        Array.from({ length: 10 }, (_, time) => attempt(addressOf(time), 'wrong', time % 2 ? 'Cy@example.com' : email)),
      )

    it('U7 ten wrong passwords end it for that address, in any letters; the right one works from elsewhere', async () => {
      for (const { _tag } of await guesses(() => '192.0.2.1')) expect(_tag).toBe('WrongCredentials')
      const refused = { _tag: 'TooManyAttempts', retryAfterSeconds: 890 }
      world.clock.advance(10)
      expect(await guesses(() => '192.0.2.1')).toEqual(Array.from({ length: 10 }, () => refused))
      expect(await attempt('192.0.2.1', 'right', 'CY@example.com')).toEqual(refused)
      expect((await attempt('192.0.2.2', 'right'))._tag).toBe('SignedIn')
      world.clock.advance(890)
      expect((await attempt('192.0.2.1', 'right'))._tag).toBe('SignedIn')
    })

    it('U7 many addresses slow an account down by seconds, and lock it for nobody', async () => {
      await guesses((time) => `192.0.2.${time}`)
      expect(await attempt('192.0.2.99', 'right')).toEqual({ _tag: 'TooManyAttempts', retryAfterSeconds: 10 })
      world.clock.advance(10)
      expect((await attempt('192.0.2.99', 'right'))._tag).toBe('SignedIn')
    })
  })

  it('U7 the session id changes at sign-in, and the one before is dead', async () => {
    const planted = await world.browserOf(world.bob)
    const signedIn = await accounts().signInAsSample('ada', planted.cookie)
    if (signedIn._tag !== 'SignedIn') throw new Error('not signed in')
    expect(pairOf(signedIn.cookie)).not.toBe(planted.cookie)
    expect(await accounts().current(planted.cookie)).toBeNull()
    expect(await accounts().current(pairOf(signedIn.cookie))).toMatchObject({ person: { username: 'ada' } })
  })

  it('U7 an id that was made up elsewhere never becomes a session', async () => {
    const made = `civitai-portal-4100=${'a'.repeat(43)}`
    await accounts().signInAsSample('ada', made)
    expect(await accounts().current(made)).toBeNull()
  })

  it('signing out ends the session; signing out everywhere ends all of them', async () => {
    const [here, there, elsewhere] = await Promise.all([1, 2, 3].map(() => world.browserOf(world.ada)))
    await accounts().signOut(here?.cookie ?? '')
    expect(await accounts().current(here?.cookie ?? '')).toBeNull()
    expect(await accounts().current(there?.cookie ?? '')).not.toBeNull()
    await accounts().signOutEverywhere(world.ada)
    for (const browser of [there, elsewhere]) expect(await accounts().current(browser?.cookie ?? '')).toBeNull()
  })

  it('a session lives thirty days', async () => {
    const browser = await world.browserOf(world.ada)
    world.clock.advance(30 * 86_400 - 1)
    expect(await accounts().current(browser.cookie)).not.toBeNull()
    world.clock.advance(1)
    expect(await accounts().current(browser.cookie)).toBeNull()
  })

  it('a cookie that came twice counts as none: a neighbour on another path may have planted one', async () => {
    const browser = await world.browserOf(world.ada)
    expect(await accounts().current(`${browser.cookie}; ${browser.cookie}`)).toBeNull()
  })
})

describe('where samples are off and the address is https', () => {
  it('nobody is signed in by a click, and the cookie is locked to this host', async () => {
    const provider = await createProvider({
      issuer: 'https://auth.example.com',
      storage: sqlite({ memory: true }),
      clock: stoppedClock(),
    })
    await provider.admin.createPerson({ username: 'ada', sample: true })
    expect(await provider.accounts.samples()).toEqual([])
    expect(await provider.accounts.signInAsSample('ada', null)).toEqual({ _tag: 'WrongCredentials' })
    const signedUp = await provider.accounts.signUp(
      { email: 'cy@example.com', username: 'cy_b', password, address: '' },
      null,
    )
    expect(signedUp).toMatchObject({
      cookie: expect.stringMatching(
        /^__Host-civitai-portal=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
      ),
    })
    await provider.close()
  })
})
