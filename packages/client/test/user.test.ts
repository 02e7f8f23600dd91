import { describe, expect, it } from 'vitest'
import { userOf } from '../src/user.ts'

describe('a person, from claims', () => {
  it('keeps what is there, and nothing twice', () => {
    expect(
      userOf({
        sub: '7',
        preferred_username: 'ada',
        name: 'ada',
        picture: 'https://image.test/1',
        email: 'a@b.test',
        email_verified: true,
      }),
    ).toEqual({
      id: '7',
      username: 'ada',
      picture: 'https://image.test/1',
      email: 'a@b.test',
      emailVerified: true,
    })
  })

  it.each([
    [
      { sub: '7', username: 'ada', name: 'Ada L.' },
      { id: '7', username: 'ada', name: 'Ada L.' },
    ],
    [
      { sub: '7', name: 'Ada L.' },
      { id: '7', username: 'Ada L.' },
    ],
    [{ sub: '7' }, { id: '7', username: '7' }],
    [
      { sub: '7', username: 'ada', image: 'i', email: 'e' },
      { id: '7', username: 'ada', picture: 'i', email: 'e', emailVerified: false },
    ],
    [
      { sub: '7', username: 'ada', name: null, picture: 7, email: '' },
      { id: '7', username: 'ada' },
    ],
  ])('makes do with %j', (claims, user) => expect(userOf(claims)).toEqual(user))

  it.each([null, undefined, 'ada', 7, {}, { sub: '' }, { sub: 7 }])('is nobody for %j', (claims) =>
    expect(userOf(claims)).toBeUndefined(),
  )
})
