import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Session from '../src/session.ts'
import type { Tokens } from '../src/sign-in.ts'
import { always } from './property.ts'

const user: Session.User = { id: '1', username: 'ada' }
const hour = 3_600_000
/** The nth pair of a family: `a1` with `r1`, good until hour 1, and so on. */
const pair = (n: number): Tokens => ({
  accessToken: `a${n}`,
  refreshToken: `r${n}`,
  expiresAt: n * hour,
  scopes: ['UserRead'],
})
const live = (n: number): Session.Live => ({ user, tokens: pair(n), signedInAt: 0 })
const bearing = (tokens: Partial<Tokens>): Session.Live => ({ user, tokens: { ...pair(1), ...tokens }, signedInAt: 0 })

const signedOut: Session.State = { _tag: 'SignedOut' }
const signedIn: Session.State = { _tag: 'SignedIn', live: live(1) }
const refreshing: Session.State = { _tag: 'Refreshing', live: live(1) }
const tryLater: Session.State = { _tag: 'TryLater', live: live(1), until: 500 }
const ending: Session.State = { _tag: 'Ending', live: bearing({ refreshToken: null }) }
const expired: Session.State = { _tag: 'Expired', user, scopes: ['UserRead'] }
const restoring: Session.State = { _tag: 'Restoring', user, scopes: ['UserRead'] }
const steppingUp: Session.State = { _tag: 'SteppingUp', live: live(1), scopes: ['UserRead', 'BuzzRead'] }
const everyState = [signedOut, signedIn, refreshing, tryLater, ending, expired, restoring, steppingUp]

const due = hour - Session.refreshAheadMs
const step = (state: Session.State, event: Session.Event) => {
  const [next, commands] = Session.transition(state, event)
  return { state: next, commands }
}
const rests = (state: Session.State, event: Session.Event) => {
  const [next, commands] = Session.transition(state, event)
  expect(next).toBe(state)
  expect(commands).toEqual([])
}
const asksFor = (token: string) => [{ _tag: 'RefreshTokens', refreshToken: token }]

describe('a token that is needed', () => {
  it('is the one in hand until a minute before its expiry', () => {
    expect(Session.refreshDue(live(1), due - 1)).toBe(false)
    rests(signedIn, { _tag: 'Needed', at: due - 1 })
  })

  it('is refreshed from a minute before its expiry', () => {
    expect(Session.refreshDue(live(1), due)).toBe(true)
    expect(step(signedIn, { _tag: 'Needed', at: due })).toEqual({ state: refreshing, commands: asksFor('r1') })
  })

  it('is asked for once, however many need it', () => {
    rests(refreshing, { _tag: 'Needed', at: due })
    rests(refreshing, { _tag: 'Needed', at: 2 * hour })
  })

  it('is used to its last millisecond where it cannot be renewed', () => {
    const last: Session.State = { _tag: 'SignedIn', live: bearing({ refreshToken: null }) }
    for (const state of [last, ending]) {
      rests(state, { _tag: 'Needed', at: hour - 1 })
      expect(step(state, { _tag: 'Needed', at: hour })).toEqual({ state: expired, commands: [] })
    }
  })

  it('is not asked of a busy server before it said so', () => {
    rests(tryLater, { _tag: 'Needed', at: 499 })
    rests(tryLater, { _tag: 'Needed', at: 500 })
    rests({ ...tryLater, until: 2 * hour }, { _tag: 'Needed', at: 2 * hour - 1 })
    expect(step(tryLater, { _tag: 'Needed', at: due })).toEqual({ state: refreshing, commands: asksFor('r1') })
    expect(step({ ...tryLater, until: 2 * hour }, { _tag: 'Needed', at: 2 * hour }).commands).toEqual(asksFor('r1'))
  })
})

describe('a token that an API refused', () => {
  const rejected: Session.Event = { _tag: 'Rejected', accessToken: 'a1' }

  it('is renewed, whatever the clock says', () => {
    const { state, commands } = step(signedIn, rejected)
    expect(state).toEqual({ _tag: 'Refreshing', live: bearing({ dead: true }) })
    expect(commands).toEqual(asksFor('r1'))
  })

  it('does not count if it has been renewed meanwhile', () => {
    for (const state of [signedIn, tryLater, ending]) rests(state, { _tag: 'Rejected', accessToken: 'a0' })
  })

  it('waits with a busy server, and is due as soon as that may be asked', () => {
    const { state, commands } = step(tryLater, rejected)
    expect(state).toEqual({ ...tryLater, live: bearing({ dead: true }) })
    expect(commands).toEqual([])
    rests(state, { _tag: 'Needed', at: 499 })
    expect(step(state, { _tag: 'Needed', at: 500 }).commands).toEqual(asksFor('r1'))
  })

  it('is the end of a session that cannot be renewed', () => {
    expect(step(ending, rejected)).toEqual({ state: expired, commands: [] })
  })

  it('is dead also when the refresh is refused after it', () => {
    const dead = step(signedIn, rejected).state
    expect(step(dead, { _tag: 'RefreshRefused', refreshToken: 'r1', at: 0 })).toEqual({ state: expired, commands: [] })
  })
})

describe('when the refresh is answered', () => {
  it('saves the new pair before anybody uses it', () => {
    expect(step(refreshing, { _tag: 'Refreshed', refreshToken: 'r1', tokens: pair(2) })).toEqual({
      state: { _tag: 'SignedIn', live: live(2) },
      commands: [{ _tag: 'SaveSession', live: live(2) }],
    })
  })

  it('refused, it clears nothing: the access token lives to its own expiry', () => {
    expect(step(refreshing, { _tag: 'RefreshRefused', refreshToken: 'r1', at: hour - 1 })).toEqual({
      state: ending,
      commands: [],
    })
  })

  it('refused after that, the session is expired, and still nothing is cleared', () => {
    expect(step(refreshing, { _tag: 'RefreshRefused', refreshToken: 'r1', at: hour })).toEqual({
      state: expired,
      commands: [],
    })
  })

  it('by a busy or silent server, the session goes on', () => {
    expect(step(refreshing, { _tag: 'RefreshUnavailable', refreshToken: 'r1', until: 500 })).toEqual({
      state: tryLater,
      commands: [],
    })
  })

  it('about another token, it is late and rests', () => {
    const late: readonly Session.Event[] = [
      { _tag: 'Refreshed', refreshToken: 'r0', tokens: pair(9) },
      { _tag: 'RefreshRefused', refreshToken: 'r0', at: 0 },
      { _tag: 'RefreshUnavailable', refreshToken: 'r0', until: 0 },
    ]
    for (const event of late) for (const state of everyState) rests(state, event)
  })
})

describe('when the session has expired', () => {
  const authorize = [{ _tag: 'Authorize', scopes: ['UserRead'], silent: true }]

  it('is restored silently by the next navigation, once', () => {
    expect(step(expired, { _tag: 'Navigated', at: 0 })).toEqual({ state: restoring, commands: authorize })
    rests(restoring, { _tag: 'Navigated', at: 1 })
    for (const state of [signedOut, signedIn, refreshing, tryLater, ending, steppingUp])
      rests(state, { _tag: 'Navigated', at: 0 })
  })

  it('is back as if nothing had happened', () => {
    expect(step(restoring, { _tag: 'Restored', live: live(2) })).toEqual({
      state: { _tag: 'SignedIn', live: live(2) },
      commands: [{ _tag: 'SaveSession', live: live(2) }],
    })
  })

  it('is over, for a reason nobody is told, if the server would need a page', () => {
    expect(step(restoring, { _tag: 'RestoreFailed' })).toEqual({
      state: { _tag: 'SignedOut', reason: 'ended' },
      commands: [{ _tag: 'ClearSession', reason: 'ended' }],
    })
  })

  it('waits if the server is busy, and tries again when it may', () => {
    const { state, commands } = step(restoring, { _tag: 'RestoreUnavailable', until: 700 })
    expect(state).toEqual({ ...expired, until: 700 })
    expect(commands).toEqual([])
    rests(state, { _tag: 'Navigated', at: 699 })
    expect(step(state, { _tag: 'Navigated', at: 700 })).toEqual({ state: restoring, commands: authorize })
  })

  it('a restore that nobody waits for rests', () => {
    const late: readonly Session.Event[] = [
      { _tag: 'Restored', live: live(9) },
      { _tag: 'RestoreFailed' },
      { _tag: 'RestoreUnavailable', until: 0 },
    ]
    for (const state of everyState) if (state !== restoring) for (const event of late) rests(state, event)
  })
})

describe('stepping up', () => {
  const wanted: Session.Event = { _tag: 'ScopesRequired', scopes: ['BuzzRead', 'UserRead'] }
  const authorize = { _tag: 'Authorize', scopes: ['UserRead', 'BuzzRead'], silent: false }

  it('asks for what is granted plus what is required, never by a refresh', () => {
    expect(step(signedIn, wanted)).toEqual({ state: steppingUp, commands: [authorize] })
    expect(step(tryLater, wanted)).toEqual({ state: steppingUp, commands: [authorize] })
    expect(step(ending, wanted).commands).toEqual([authorize])
    for (const state of [signedOut, expired, restoring, steppingUp]) rests(state, wanted)
  })

  it('comes back with the wider session, or as it was', () => {
    expect(step(steppingUp, { _tag: 'SteppedUp', live: live(2) })).toEqual({
      state: { _tag: 'SignedIn', live: live(2) },
      commands: [{ _tag: 'SaveSession', live: live(2) }],
    })
    expect(step(steppingUp, { _tag: 'StepUpAbandoned' })).toEqual({ state: signedIn, commands: [] })
    for (const state of everyState)
      if (state !== steppingUp) {
        rests(state, { _tag: 'SteppedUp', live: live(9) })
        rests(state, { _tag: 'StepUpAbandoned' })
      }
  })

  it('waits for a refresh that is under way, so that its new pair is not lost', () => {
    const waiting = step(refreshing, wanted)
    expect(waiting).toEqual({ state: { ...refreshing, wanted: ['BuzzRead', 'UserRead'] }, commands: [] })
    rests(waiting.state, wanted)
    expect(step(waiting.state, { _tag: 'ScopesRequired', scopes: ['VaultRead'] }).state).toEqual({
      ...refreshing,
      wanted: ['BuzzRead', 'UserRead', 'VaultRead'],
    })
    expect(step(waiting.state, { _tag: 'Refreshed', refreshToken: 'r1', tokens: pair(2) })).toEqual({
      state: { _tag: 'SteppingUp', live: live(2), scopes: ['UserRead', 'BuzzRead'] },
      commands: [{ _tag: 'SaveSession', live: live(2) }, authorize],
    })
  })

  it('goes ahead also when that refresh brought nothing', () => {
    const waiting = step(refreshing, wanted).state
    for (const at of [0, 2 * hour])
      expect(step(waiting, { _tag: 'RefreshRefused', refreshToken: 'r1', at })).toEqual({
        state: { ...steppingUp, live: bearing({ refreshToken: null }) },
        commands: [authorize],
      })
    expect(step(waiting, { _tag: 'RefreshUnavailable', refreshToken: 'r1', until: 1 })).toEqual({
      state: steppingUp,
      commands: [authorize],
    })
  })

  it('uses the tokens in hand as they are', () => {
    rests(steppingUp, { _tag: 'Needed', at: 2 * hour })
    rests(steppingUp, { _tag: 'Rejected', accessToken: 'a1' })
  })
})

describe('signing out', () => {
  const signOut: Session.Event = { _tag: 'SignOut' }

  it('clears what is kept first, tells the other tabs, and revokes', () => {
    for (const state of [signedIn, tryLater, steppingUp])
      expect(step(state, signOut)).toEqual({
        state: { _tag: 'SignedOut', reason: 'signed-out' },
        commands: [
          { _tag: 'ClearSession', reason: 'signed-out' },
          { _tag: 'TellOtherTabs' },
          { _tag: 'RevokeToken', token: 'r1' },
        ],
      })
  })

  it('revokes the access token where there is no other, and nothing where there is none', () => {
    expect(step(ending, signOut).commands.at(-1)).toEqual({ _tag: 'RevokeToken', token: 'a1' })
    for (const state of [expired, restoring])
      expect(step(state, signOut).commands).toEqual([
        { _tag: 'ClearSession', reason: 'signed-out' },
        { _tag: 'TellOtherTabs' },
      ])
  })

  it('during a refresh also revokes what the refresh brings, once', () => {
    const out = step(refreshing, signOut)
    expect(out.commands.at(-1)).toEqual({ _tag: 'RevokeToken', token: 'r1' })
    const answered = step(out.state, { _tag: 'Refreshed', refreshToken: 'r1', tokens: pair(2) })
    expect(answered).toEqual({
      state: { _tag: 'SignedOut', reason: 'signed-out' },
      commands: [{ _tag: 'RevokeToken', token: 'r2' }],
    })
    rests(answered.state, { _tag: 'Refreshed', refreshToken: 'r1', tokens: pair(2) })
    rests(out.state, { _tag: 'RefreshRefused', refreshToken: 'r1', at: 0 })
  })

  it('in another tab ends it here, and tells nobody', () => {
    for (const state of [signedIn, refreshing, tryLater, ending, expired, restoring, steppingUp]) {
      const { state: next, commands } = step(state, { _tag: 'OtherTabSignedOut' })
      expect(next).toMatchObject({ _tag: 'SignedOut', reason: 'other-tab' })
      expect(commands).toEqual([{ _tag: 'ClearSession', reason: 'other-tab' }])
    }
  })

  it('twice is once', () => {
    rests(signedOut, signOut)
    rests({ _tag: 'SignedOut', reason: 'ended' }, signOut)
    rests(signedOut, { _tag: 'OtherTabSignedOut' })
  })
})

describe('another tab', () => {
  const adopted = (n: number): Session.Event => ({ _tag: 'Adopted', live: live(n) })

  it('shares its session with one that has none, and nothing is saved twice', () => {
    for (const state of [signedOut, signedIn, refreshing, tryLater, ending, expired, restoring])
      expect(step(state, adopted(2))).toEqual({ state: { _tag: 'SignedIn', live: live(2) }, commands: [] })
  })

  it('does not make this one forget which permissions it is asking for', () => {
    expect(step(steppingUp, adopted(2))).toEqual({ state: { ...steppingUp, live: live(2) }, commands: [] })
    const waiting: Session.State = { ...refreshing, wanted: ['BuzzRead'] }
    expect(step(waiting, adopted(2))).toEqual({
      state: { ...steppingUp, live: live(2) },
      commands: [{ _tag: 'Authorize', scopes: ['UserRead', 'BuzzRead'], silent: false }],
    })
    rests(waiting, adopted(1))
  })

  it('cannot bring back a pair that was renewed here', () => {
    for (const state of [signedIn, refreshing, tryLater, ending, steppingUp]) {
      rests(state, adopted(1))
      rests(state, adopted(0))
    }
  })

  it('cannot sign anybody in again after a sign-out', () => {
    for (const reason of ['signed-out', 'other-tab', 'ended'] as const) rests({ _tag: 'SignedOut', reason }, adopted(9))
  })
})

describe('signing in', () => {
  it('replaces whoever was here', () => {
    for (const state of everyState)
      expect(step(state, { _tag: 'SignedIn', live: live(3) })).toEqual({
        state: { _tag: 'SignedIn', live: live(3) },
        commands: [{ _tag: 'SaveSession', live: live(3) }],
      })
  })

  it('is not undone by what was under way for the one before', () => {
    const next = step(refreshing, { _tag: 'SignedIn', live: live(3) }).state
    rests(next, { _tag: 'Refreshed', refreshToken: 'r1', tokens: pair(2) })
    const again = step(next, { _tag: 'Rejected', accessToken: 'a3' }).state
    rests(again, { _tag: 'Refreshed', refreshToken: 'r1', tokens: pair(2) })
    rests(again, { _tag: 'RefreshRefused', refreshToken: 'r1', at: 0 })
  })
})

describe('whatever happens, in whatever order', () => {
  const time = fc.integer({ min: 0, max: 12 }).map((hours) => hours * (hour / 2))
  /** Tokens are numbered as they are issued; 0 stands for the newest, so that answers are often to the point. */
  const which = fc.integer({ min: 0, max: 6 })
  type Make = (fresh: () => Session.Live, newest: number) => Session.Event
  const make: fc.Arbitrary<Make> = fc.oneof(
    fc.constantFrom<Make>(
      (fresh) => ({ _tag: 'SignedIn', live: fresh() }),
      (fresh) => ({ _tag: 'Adopted', live: fresh() }),
      (fresh) => ({ _tag: 'Restored', live: fresh() }),
      (fresh) => ({ _tag: 'SteppedUp', live: fresh() }),
      () => ({ _tag: 'RestoreFailed' }),
      () => ({ _tag: 'StepUpAbandoned' }),
      () => ({ _tag: 'SignOut' }),
      () => ({ _tag: 'OtherTabSignedOut' }),
      () => ({ _tag: 'ScopesRequired', scopes: ['BuzzRead'] }),
    ),
    fc.tuple(fc.constantFrom('Needed' as const, 'Navigated' as const), time).map(([_tag, at]): Make => () => ({
      _tag,
      at,
    })),
    fc
      .tuple(fc.constantFrom('Refreshed', 'Refused', 'Unavailable', 'Rejected'), which, time)
      .map(([kind, n, at]): Make => (fresh, newest) => {
        const number = n === 0 ? newest : n
        const refreshToken = `r${number}`
        if (kind === 'Refreshed') return { _tag: 'Refreshed', refreshToken, tokens: fresh().tokens }
        if (kind === 'Refused') return { _tag: 'RefreshRefused', refreshToken, at }
        if (kind === 'Unavailable') return { _tag: 'RefreshUnavailable', refreshToken, until: at }
        return { _tag: 'Rejected', accessToken: `a${number}` }
      }),
  )
  const story = fc.array(make, { maxLength: 40 })

  /** Plays a story and shows every step of it. */
  const play = (
    story: readonly Make[],
    watch: (
      before: Session.State,
      event: Session.Event,
      after: Session.State,
      commands: readonly Session.Command[],
    ) => void,
  ) => {
    let issued = 0
    const fresh = () => live(++issued)
    let state: Session.State = signedOut
    for (const make of story) {
      const event = make(fresh, issued)
      const [next, commands] = Session.transition(state, event)
      watch(state, event, next, commands)
      state = next
    }
  }

  it('no refresh token is sent twice, unless its answer was lost', () => {
    always([story], (story) => {
      const sent = new Set<string>()
      play(story, (before, event, _, commands) => {
        if (event._tag === 'RefreshUnavailable' && before._tag === 'Refreshing') sent.delete(event.refreshToken)
        for (const command of commands)
          if (command._tag === 'RefreshTokens') {
            expect(sent.has(command.refreshToken)).toBe(false)
            sent.add(command.refreshToken)
          }
      })
    })
  })

  it('no session is left after a sign-out, until somebody signs in', () => {
    always([story], (story) => {
      let out = false
      play(story, (_, event, after, commands) => {
        if (event._tag === 'SignedIn') out = false
        else if (after._tag === 'SignedOut' && after.reason !== undefined) out = true
        if (!out) return
        expect(after._tag).toBe('SignedOut')
        for (const { _tag } of commands) expect(['ClearSession', 'TellOtherTabs', 'RevokeToken']).toContain(_tag)
      })
    })
  })

  it('nobody is signed out but by a person, or by a server that would need a page', () => {
    always([story], (story) => {
      play(story, (before, event, after, commands) => {
        const ended = after._tag === 'SignedOut' && before._tag !== 'SignedOut'
        if (ended) expect(['SignOut', 'OtherTabSignedOut', 'RestoreFailed']).toContain(event._tag)
        expect(commands.some(({ _tag }) => _tag === 'ClearSession')).toBe(ended)
      })
    })
  })

  it('every new pair is saved in the step that brings it, or revoked', () => {
    always([story], (story) => {
      play(story, (before, event, after, commands) => {
        if (event._tag !== 'Refreshed' || after === before) return
        const [first] = commands
        if (after._tag === 'SignedOut') expect(first).toEqual({ _tag: 'RevokeToken', token: event.tokens.refreshToken })
        else expect(first).toMatchObject({ _tag: 'SaveSession', live: { tokens: event.tokens } })
      })
    })
  })

  it('a doubled answer changes nothing', () => {
    always([story], (story) => {
      play(story, (_, event, after) => {
        if (event._tag === 'SignedIn') return
        const [again, commands] = Session.transition(after, event)
        if (event._tag === 'Needed' || event._tag === 'Navigated' || event._tag === 'Rejected') {
          expect(commands).toEqual([])
          return
        }
        expect(again).toBe(after)
        expect(commands).toEqual([])
      })
    })
  })

  it('no state that is shown elsewhere ever holds a dead pair as a good one', () => {
    always([story], (story) => {
      play(story, (_, __, ___, commands) => {
        for (const command of commands)
          if (command._tag === 'SaveSession') expect(command.live.tokens.dead).toBeUndefined()
      })
    })
  })
})
