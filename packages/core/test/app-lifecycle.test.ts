import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Lifecycle from '../src/app-lifecycle.ts'
import { check } from '../src/app-registration.ts'
import { type Issued, Secret } from '../src/client-secret.ts'
import { civitai } from '../src/dialects/civitai.ts'
import { always } from './property.ts'

const registration = (scopes: readonly string[], type: 'confidential' | 'public' = 'confidential') => {
  const checked = check(
    { name: 'Radio', description: '', redirectUris: 'https://radio.example/cb', scopes, type },
    civitai,
  )
  if (checked._tag === 'Invalid') throw new Error('The draft is meant to be valid.')
  return checked.registration
}
const issued = (issuedAt: number): Issued => ({
  reveal: new Secret(`secret ${issuedAt}`),
  kept: { digest: `digest ${issuedAt}`, issuedAt },
})
const radio = registration(['BuzzRead'])

/** The commands of the last of these events, and the state after all of them. */
const after = (...events: readonly Lifecycle.Event[]) => {
  let step: ReturnType<typeof Lifecycle.transition> = [Lifecycle.draft, []]
  for (const event of events) step = Lifecycle.transition(step[0], event)
  const [state, commands] = step
  return { state, commands, tags: commands.map((command) => ('kind' in command ? command.kind : command._tag)) }
}
const register: Lifecycle.Event = { _tag: 'Register', registration: radio, issued: issued(1) }
const prepare: Lifecycle.Event = { _tag: 'PrepareSecret', issued: issued(2) }
const rotate = (retires: number): Lifecycle.Event => ({ _tag: 'RotateSecret', retires, issued: issued(3) })
const remove: Lifecycle.Event = { _tag: 'Delete' }

describe('registering', () => {
  it('shows the secret of a confidential app once', () => {
    const { state, commands, tags } = after(register)
    expect(state).toEqual({
      _tag: 'Registered',
      app: { registration: radio, secret: issued(1).kept, verified: false, version: 1 },
    })
    expect(tags).toEqual(['RevealSecret', 'app-registered'])
    expect(commands[1]).toEqual({ _tag: 'Audit', kind: 'app-registered' })
    expect(commands[0]).toHaveProperty('secret', register._tag === 'Register' && register.issued.reveal)
    expect(JSON.stringify(state)).not.toContain('secret 1')
  })

  it('gives a public app none', () => {
    const { state, tags } = after({ ...register, registration: registration([], 'public') })
    expect(state).toMatchObject({ _tag: 'Registered', app: { secret: null } })
    expect(tags).toEqual(['app-registered'])
  })

  it('twice is once', () => {
    expect(after(register, register)).toMatchObject({ state: { _tag: 'Registered' }, tags: [] })
  })

  it('comes before everything else', () => {
    for (const event of [prepare, rotate(1), remove, { _tag: 'Verify' } as const])
      expect(after(event)).toEqual({ state: Lifecycle.draft, commands: [], tags: [] })
  })
})

describe('rotating', () => {
  it('A8 prepared first: both secrets are accepted, then the old one ends and the new one is not shown again', () => {
    const prepared = after(register, prepare)
    expect(prepared.state).toMatchObject({
      _tag: 'NextSecretPrepared',
      app: { secret: { digest: 'digest 1' } },
      next: { digest: 'digest 2' },
    })
    expect(prepared.tags).toEqual(['RevealSecret', 'secret-prepared'])
    const rotated = after(register, prepare, rotate(1))
    expect(rotated.state).toMatchObject({ _tag: 'Registered', app: { secret: { digest: 'digest 2' } } })
    expect(rotated.tags).toEqual(['EndSecret', 'secret-rotated'])
    expect(rotated.commands[0]).toEqual({ _tag: 'EndSecret', secret: issued(1).kept })
  })

  it('in one click: the new one is shown, the old one ends', () => {
    const { state, tags } = after(register, rotate(1))
    expect(state).toMatchObject({ _tag: 'Registered', app: { secret: { digest: 'digest 3' } } })
    expect(tags).toEqual(['EndSecret', 'RevealSecret', 'secret-rotated'])
  })

  it('A8 ends no token', () => {
    for (const events of [
      [register, rotate(1)],
      [register, prepare, rotate(1)],
    ] as const)
      expect(after(...events).tags).not.toContain('EndTokens')
  })

  it('by a doubled click retires nothing more', () => {
    const twice = after(register, prepare, rotate(1), rotate(1))
    expect(twice.state).toEqual(after(register, prepare, rotate(1)).state)
    expect(twice.commands).toEqual([{ _tag: 'Refuse', refusal: 'Conflict' }])
  })

  it('prepared again replaces what was prepared: its answer may have been lost', () => {
    const again = after(register, prepare, { _tag: 'PrepareSecret', issued: issued(4) })
    expect(again.state).toMatchObject({ _tag: 'NextSecretPrepared', next: { digest: 'digest 4' } })
    expect(again.commands[0]).toEqual({ _tag: 'EndSecret', secret: issued(2).kept })
    expect(again.tags).toEqual(['EndSecret', 'RevealSecret', 'secret-prepared'])
  })

  it('is not for public apps', () => {
    const open = { ...register, registration: registration([], 'public') }
    for (const event of [prepare, rotate(1)])
      expect(after(open, event)).toMatchObject({
        state: { _tag: 'Registered' },
        commands: [{ _tag: 'Refuse', refusal: 'NotConfidential' }],
      })
  })
})

describe('editing', () => {
  const edit = (version: number, scopes: readonly string[], type?: 'public'): Lifecycle.Event => ({
    _tag: 'Edit',
    version,
    registration: registration(scopes, type),
  })

  it('counts the version up, also while a secret is prepared', () => {
    expect(after(register, edit(1, ['BuzzRead', 'VaultRead']))).toMatchObject({
      state: {
        _tag: 'Registered',
        app: { version: 2, registration: { scopes: ['UserRead', 'BuzzRead', 'VaultRead'] } },
      },
      tags: ['app-edited'],
    })
    expect(after(register, prepare, edit(1, ['BuzzRead'])).state).toMatchObject({
      _tag: 'NextSecretPrepared',
      next: { digest: 'digest 2' },
      app: { version: 2 },
    })
  })

  it('F10 takes a permission out of every token at once', () => {
    expect(after(register, edit(1, ['VaultRead'])).commands[1]).toEqual({
      _tag: 'NarrowTokens',
      scopes: ['UserRead', 'VaultRead'],
    })
  })

  it('does not overwrite what somebody else saved', () => {
    const late = after(register, edit(1, []), edit(1, ['VaultRead']))
    expect(late.state).toEqual(after(register, edit(1, [])).state)
    expect(late.commands).toEqual([{ _tag: 'Refuse', refusal: 'Conflict' }])
  })

  it('cannot change the type', () => {
    expect(after(register, edit(1, [], 'public')).commands).toEqual([{ _tag: 'Refuse', refusal: 'TypeFixed' }])
  })
})

describe('verification', () => {
  it('is set and taken back by staff, once each', () => {
    expect(after(register, { _tag: 'Verify' })).toMatchObject({
      state: { app: { verified: true } },
      tags: ['app-verified'],
    })
    expect(after(register, { _tag: 'Verify' }, { _tag: 'Verify' }).tags).toEqual([])
    const back: Lifecycle.Event = { _tag: 'Unverify', unlocked: [] }
    expect(after(register, { _tag: 'Verify' }, back)).toMatchObject({
      state: { app: { verified: false } },
      tags: ['app-unverified'],
    })
    expect(after(register, back).tags).toEqual([])
  })

  it('takes with it the permissions that only trust unlocks', () => {
    const { state, commands } = after(register, { _tag: 'Verify' }, { _tag: 'Unverify', unlocked: ['BuzzRead'] })
    expect(state).toMatchObject({ app: { registration: { scopes: ['UserRead'] } } })
    expect(commands[1]).toEqual({ _tag: 'NarrowTokens', scopes: ['UserRead'] })
  })
})

describe('deleting', () => {
  it('O3 ends tokens and consents, and leaves the log', () => {
    for (const events of [
      [register, remove],
      [register, prepare, remove],
    ] as const)
      expect(after(...events)).toMatchObject({
        state: { _tag: 'Deleted' },
        tags: ['EndTokens', 'RemoveConsents', 'app-deleted'],
      })
  })

  it('is the end: whatever comes later is refused', () => {
    const events = [prepare, rotate(1), remove, { _tag: 'Verify' }, { _tag: 'Unverify', unlocked: [] }] as const
    for (const event of [...events, { _tag: 'Edit', version: 1, registration: radio } as const])
      expect(after(register, remove, event)).toEqual({
        state: { _tag: 'Deleted' },
        commands: [{ _tag: 'Refuse', refusal: 'Gone' }],
        tags: ['Refuse'],
      })
    expect(after(register, remove, register).commands).toEqual([])
  })
})

describe('any life of an app', () => {
  const time = fc.integer({ min: 1, max: 6 })
  const event: fc.Arbitrary<Lifecycle.Event> = fc.oneof(
    time.map((at) => ({ _tag: 'Register' as const, registration: radio, issued: issued(at) })),
    time.map((at) => ({ _tag: 'PrepareSecret' as const, issued: issued(at) })),
    fc.tuple(time, time).map(([retires, at]) => ({ _tag: 'RotateSecret' as const, retires, issued: issued(at) })),
    time.map((version) => ({ _tag: 'Edit' as const, version, registration: radio })),
    fc.constantFrom<Lifecycle.Event>({ _tag: 'Verify' }, { _tag: 'Unverify', unlocked: [] }, remove),
  )

  it('keeps exactly the secrets it has shown and not ended', () => {
    always([fc.array(event, { maxLength: 20 })], (events) => {
      let state: Lifecycle.State = Lifecycle.draft
      const open: string[] = []
      for (const one of events) {
        const [next, commands] = Lifecycle.transition(state, one)
        for (const command of commands) {
          if (command._tag === 'RevealSecret') open.push(command.secret.reveal().replace('secret', 'digest'))
          if (command._tag === 'EndSecret') open.splice(open.indexOf(command.secret.digest), 1)
          if (command._tag === 'Refuse') expect(next).toBe(state)
        }
        state = next
        const kept = [
          'app' in state && state.app.secret?.digest,
          state._tag === 'NextSecretPrepared' && state.next.digest,
        ].filter(Boolean)
        if (state._tag !== 'Deleted') expect(kept.toSorted()).toEqual(open.toSorted())
      }
    })
  })
})
