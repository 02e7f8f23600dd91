/** What the Promise runner and the Effect interpreter both promise. Each is driven by the same suite. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Table, type Transition, transitionOf } from '../src/machine.ts'
import * as Session from '../src/session.ts'
import { alwaysAsync } from './property.ts'

type State = { readonly _tag: 'Off' } | { readonly _tag: 'Asking' } | { readonly _tag: 'On'; readonly count: number }
type Event =
  | { readonly _tag: 'Ask' }
  | { readonly _tag: 'Answered'; readonly count: number }
  | { readonly _tag: 'Reset' }
  | { readonly _tag: 'Note' }
  | { readonly _tag: 'Slip' }
type Command =
  | { readonly _tag: 'AskServer' }
  | { readonly _tag: 'Save'; readonly count: number }
  | { readonly _tag: 'Clear' }
  | { readonly _tag: 'Write'; readonly text: string }

const table: Table<State, Event, Command> = {
  Off: { Ask: () => [{ _tag: 'Asking' }, [{ _tag: 'AskServer' }]] },
  Asking: {
    Answered: (_, { count }) => [{ _tag: 'On', count }, [{ _tag: 'Save', count }]],
    Reset: () => [{ _tag: 'Off' }, [{ _tag: 'Clear' }]],
    Note: (state) => [state, [{ _tag: 'Write', text: 'note' }]],
  },
  On: {
    Answered: (_, { count }) => [{ _tag: 'On', count }, [{ _tag: 'Save', count }]],
    Reset: () => [{ _tag: 'Off' }, [{ _tag: 'Clear' }]],
    Slip: () => [{ _tag: 'Off' }, []],
    Note: (state) => [state, [{ _tag: 'Write', text: 'one' }, { _tag: 'AskServer' }, { _tag: 'Write', text: 'two' }]],
  },
}

/** Something under way that the test finishes when it likes. */
export class Gate {
  readonly opened: Promise<void>
  open: () => void = () => {}
  constructor() {
    this.opened = new Promise((resolve) => (this.open = resolve))
  }
}

/** A runner under test, whichever it is. */
interface Driven<S, E> {
  state(): S
  dispatch(event: E): Promise<S>
}

export type Drive = <S, E, C extends { readonly _tag: string }>(
  transition: Transition<S, E, C>,
  initial: S,
  carryOut: (command: C) => Promise<E | undefined>,
  questions: readonly C['_tag'][],
) => Driven<S, E>

/** Lets everything run that is ready to. */
export const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

const ask: Event = { _tag: 'Ask' }
const reset: Event = { _tag: 'Reset' }

export const contract = (name: string, drive: Drive) =>
  describe(name, () => {
    /** A world that notes what it was told; `server` and `store` hold their answers back. */
    const world = (answer: (asked: number) => Event | undefined = (count) => ({ _tag: 'Answered', count })) => {
      const log: string[] = []
      const server = new Gate()
      const store = new Gate()
      let asked = 0
      const runner = drive<State, Event, Command>(
        transitionOf(table),
        { _tag: 'Off' },
        async (command) => {
          log.push(command._tag === 'Write' ? command.text : command._tag)
          if (command._tag === 'AskServer') {
            const number = ++asked
            await server.opened
            return answer(number)
          }
          if (command._tag === 'Save') {
            await store.opened
            log.push('Saved')
          }
          return undefined
        },
        ['AskServer'],
      )
      return { log, server, store, runner }
    }

    it('answers the state after everything that an event led to', async () => {
      const { log, server, store, runner } = world()
      server.open()
      store.open()
      expect(await runner.dispatch(ask)).toEqual({ _tag: 'On', count: 1 })
      expect(log).toEqual(['AskServer', 'Save', 'Saved'])
      expect(runner.state()).toEqual({ _tag: 'On', count: 1 })
    })

    it('applies an event at once, before anything is carried out', async () => {
      const { server, store, runner } = world()
      const asking = runner.dispatch(ask)
      expect(runner.state()).toEqual({ _tag: 'Asking' })
      server.open()
      store.open()
      await asking
    })

    it('lets thirty callers share one question', async () => {
      const { log, server, store, runner } = world()
      const all = Array.from({ length: 30 }, () => runner.dispatch(ask))
      await settle()
      server.open()
      store.open()
      expect(await Promise.all(all)).toEqual(Array.from({ length: 30 }, () => ({ _tag: 'On', count: 1 })))
      expect(log).toEqual(['AskServer', 'Save', 'Saved'])
    })

    it('answers at once for an event that means nothing while nothing is under way', async () => {
      const { log, runner } = world()
      expect(await runner.dispatch(reset)).toEqual({ _tag: 'Off' })
      expect(log).toEqual([])
    })

    it('answers at once for an event that leads to nothing', async () => {
      const { server, store, runner } = world()
      server.open()
      store.open()
      await runner.dispatch(ask)
      expect(await runner.dispatch({ _tag: 'Slip' })).toEqual({ _tag: 'Off' })
    })

    it('does not let a question hold up what comes after it', async () => {
      const { log, server, runner } = world()
      const asking = runner.dispatch(ask)
      expect(await runner.dispatch(reset)).toEqual({ _tag: 'Off' })
      expect(log).toEqual(['AskServer', 'Clear'])
      server.open()
      expect(await asking).toEqual({ _tag: 'Off' })
      expect(log).toEqual(['AskServer', 'Clear'])
    })

    it('never saves after it was cleared, however slow the store is', async () => {
      const { log, server, store, runner } = world()
      const asking = runner.dispatch(ask)
      server.open()
      await settle()
      expect(log).toEqual(['AskServer', 'Save'])
      const clearing = runner.dispatch(reset)
      await settle()
      expect(runner.state()).toEqual({ _tag: 'Off' })
      expect(log).toEqual(['AskServer', 'Save'])
      store.open()
      await Promise.all([asking, clearing])
      expect(log).toEqual(['AskServer', 'Save', 'Saved', 'Clear'])
    })

    it('carries out the commands of an event in order, its questions last', async () => {
      const { log, server, store, runner } = world()
      server.open()
      store.open()
      await runner.dispatch(ask)
      log.length = 0
      expect(await runner.dispatch({ _tag: 'Note' })).toEqual({ _tag: 'On', count: 2 })
      expect(log).toEqual(['one', 'two', 'AskServer', 'Save', 'Saved'])
    })

    it('carries out commands also where the state stays', async () => {
      const { log, server, store, runner } = world()
      const asking = runner.dispatch(ask)
      expect(await runner.dispatch({ _tag: 'Note' })).toEqual({ _tag: 'Asking' })
      expect(log).toEqual(['AskServer', 'note'])
      server.open()
      store.open()
      await asking
    })

    it('passes over an answer that comes too late', async () => {
      const { log, server, runner } = world()
      const asking = runner.dispatch(ask)
      await runner.dispatch(reset)
      server.open()
      await asking
      expect(runner.state()).toEqual({ _tag: 'Off' })
      expect(log).not.toContain('Save')
    })

    it('goes on where a question is not answered by an event', async () => {
      const { server, runner } = world(() => undefined)
      server.open()
      expect(await runner.dispatch(ask)).toEqual({ _tag: 'Asking' })
      expect(await runner.dispatch(reset)).toEqual({ _tag: 'Off' })
    })

    it('hands a failure to whoever dispatched, leaves out the rest, and stays usable', async () => {
      const log: string[] = []
      const runner = drive<State, Event, Command>(
        transitionOf(table),
        { _tag: 'On', count: 1 },
        async (command) => {
          if (command._tag === 'Write') throw new Error('no paper')
          log.push(command._tag)
          return undefined
        },
        ['AskServer'],
      )
      await expect(runner.dispatch({ _tag: 'Note' })).rejects.toThrow('no paper')
      expect(log).toEqual([])
      expect(await runner.dispatch(reset)).toEqual({ _tag: 'Off' })
      expect(log).toEqual(['Clear'])
    })

    it('hands on a failure that came later, from what an answer led to', async () => {
      const runner = drive<State, Event, Command>(
        transitionOf(table),
        { _tag: 'Off' },
        async (command) => {
          if (command._tag === 'Save') throw new Error('no store')
          return { _tag: 'Answered', count: 1 }
        },
        ['AskServer'],
      )
      const asking = runner.dispatch(ask)
      // Somebody who only waited is told the state, not the failure of another.
      const waiting = runner.dispatch(ask)
      await expect(asking).rejects.toThrow('no store')
      expect(await waiting).toEqual({ _tag: 'On', count: 1 })
    })

    it('may be led on by a command that is no question', async () => {
      const log: string[] = []
      const runner = drive<State, Event, Command>(
        transitionOf(table),
        { _tag: 'Off' },
        async (command) => {
          log.push(command._tag)
          return command._tag === 'AskServer' ? { _tag: 'Answered', count: 7 } : undefined
        },
        [],
      )
      expect(await runner.dispatch(ask)).toEqual({ _tag: 'On', count: 7 })
      expect(log).toEqual(['AskServer', 'Save'])
    })

    it('ends every story of a session where the table says, having done what the table says', async () => {
      const live = (n: number): Session.Live => ({
        user: { id: '1', username: 'ada' },
        tokens: { accessToken: `a${n}`, refreshToken: `r${n}`, expiresAt: n * 100_000, scopes: [] },
        signedInAt: 0,
      })
      const number = fc.integer({ min: 1, max: 3 })
      const event: fc.Arbitrary<Session.Event> = fc.oneof(
        number.map((n): Session.Event => ({ _tag: 'SignedIn', live: live(n) })),
        number.map((n): Session.Event => ({ _tag: 'Needed', at: n * 100_000 })),
        number.map((n): Session.Event => ({ _tag: 'Refreshed', refreshToken: `r${n}`, tokens: live(n + 1).tokens })),
        number.map((n): Session.Event => ({ _tag: 'RefreshRefused', refreshToken: `r${n}`, at: n * 100_000 })),
        number.map((n): Session.Event => ({ _tag: 'Rejected', accessToken: `a${n}` })),
        fc.constantFrom<Session.Event>(
          { _tag: 'Navigated', at: 0 },
          { _tag: 'RestoreFailed' },
          { _tag: 'ScopesRequired', scopes: ['BuzzRead'] },
          { _tag: 'StepUpAbandoned' },
          { _tag: 'SignOut' },
          { _tag: 'OtherTabSignedOut' },
        ),
      )
      await alwaysAsync([fc.array(event, { maxLength: 15 })], async (story) => {
        let state: Session.State = { _tag: 'SignedOut' }
        const told: Session.Command[] = []
        for (const event of story) {
          const [next, commands] = Session.transition(state, event)
          state = next
          told.push(...commands)
        }
        const done: Session.Command[] = []
        const runner = drive<Session.State, Session.Event, Session.Command>(
          Session.transition,
          { _tag: 'SignedOut' },
          async (command) => void done.push(command),
          Session.questions,
        )
        for (const event of story) await runner.dispatch(event)
        expect(runner.state()).toEqual(state)
        expect(done).toEqual(told)
      })
    })
  })
