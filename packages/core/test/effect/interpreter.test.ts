import * as Cause from 'effect/Cause'
import * as Effect from 'effect/Effect'
import * as Exit from 'effect/Exit'
import * as Fiber from 'effect/Fiber'
import { describe, expect, it } from 'vitest'
import { interpret } from '../../src/effect/interpreter.ts'
import { type Table, transitionOf } from '../../src/machine.ts'
import { type Drive, Gate, contract, settle } from '../runner.contract.ts'

const drive: Drive = (transition, initial, carryOut, questions) => {
  const interpreter = Effect.runSync(
    interpret(
      transition,
      initial,
      (command) => Effect.tryPromise({ try: () => carryOut(command), catch: (error) => error as Error }),
      questions,
    ),
  )
  return {
    state: () => Effect.runSync(interpreter.state),
    dispatch: async (event) => {
      const exit = await Effect.runPromiseExit(interpreter.dispatch(event))
      if (Exit.isSuccess(exit)) return exit.value
      throw Cause.squash(exit.cause)
    },
  }
}

contract('the Effect interpreter', drive)

describe('the Effect interpreter, besides', () => {
  type State = { readonly _tag: 'Off' } | { readonly _tag: 'Asking' } | { readonly _tag: 'On' }
  type Event = { readonly _tag: 'Ask' } | { readonly _tag: 'Answered' }
  type Command = { readonly _tag: 'AskServer' } | { readonly _tag: 'Save' }
  const table: Table<State, Event, Command> = {
    Off: { Ask: () => [{ _tag: 'Asking' }, [{ _tag: 'AskServer' }]] },
    Asking: { Answered: () => [{ _tag: 'On' }, [{ _tag: 'Save' }]] },
    On: {},
  }

  it('begins to carry out before dispatch gives way', () => {
    const log: string[] = []
    const interpreter = Effect.runSync(
      interpret(transitionOf(table), { _tag: 'Off' } as State, ({ _tag }) =>
        Effect.as(
          Effect.sync(() => log.push(_tag)),
          undefined,
        ),
      ),
    )
    Effect.runFork(interpreter.dispatch({ _tag: 'Ask' }))
    expect(log).toEqual(['AskServer'])
  })

  it('carries on to the end when whoever dispatched has gone away: a rotated pair is saved all the same', async () => {
    const server = new Gate()
    const log: string[] = []
    const interpreter = await Effect.runPromise(
      interpret(
        transitionOf(table),
        { _tag: 'Off' } as State,
        (command): Effect.Effect<Event | undefined> =>
          Effect.promise(async () => {
            log.push(command._tag)
            if (command._tag === 'Save') return undefined
            await server.opened
            return { _tag: 'Answered' }
          }),
        ['AskServer'],
      ),
    )
    const request = Effect.runFork(interpreter.dispatch({ _tag: 'Ask' }))
    await settle()
    const gone = await Effect.runPromise(Effect.andThen(Fiber.interrupt(request), Fiber.await(request)))
    expect(Exit.isFailure(gone)).toBe(true)
    expect(log).toEqual(['AskServer'])
    server.open()
    expect(await Effect.runPromise(interpreter.dispatch({ _tag: 'Ask' }))).toEqual({ _tag: 'On' })
    expect(log).toEqual(['AskServer', 'Save'])
  })
})
