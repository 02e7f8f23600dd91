/**
 * A person's buzz, at the two addresses where Civitai's own answers, in its envelope. `BuzzRead`.
 *
 * Source: the official SDK's balance look-up, and starters built on it.
 */
import * as Effect from 'effect/Effect'
import { json } from '../http/answer.ts'
import type { Outgoing } from '../http/exchange.ts'
import type { Refusal } from '../http/refusal.ts'
import type { Handler } from '../http/route.ts'
import type { Services } from '../services.ts'
import { step } from '../storage/step.ts'
import type { Currency } from '../storage/wallet.ts'
import { bearer } from './bearer.ts'

const enveloped = (value: unknown): Outgoing => json(200, { result: { data: { json: value } } })

type Balances = Readonly<Partial<Record<Currency, number>>>

const handlerOf = (services: Services, shape: (balances: Balances, personId: number) => unknown): Handler =>
  Effect.fnUntraced(function* (incoming): Effect.fn.Return<Outgoing, Refusal> {
    const { person } = yield* bearer(services, incoming, 'civitai', 'BuzzRead')
    const balances = yield* step(() => services.storage.wallet.balances(person.id))
    return enveloped(shape(balances, person.id))
  })

/** `buzz.getBuzzAccount`: the pools by colour. */
export const buzzAccount = (services: Services): Handler =>
  handlerOf(services, ({ yellow = 0, blue = 0, green = 0 }) => ({ yellow, blue, green }))

/** `buzz.getUserAccount`: a list that holds the spendable pool. */
export const userAccount = (services: Services): Handler =>
  handlerOf(services, ({ yellow = 0 }, id) => [{ id, balance: yellow, lifetimeBalance: null, accountType: 'yellow' }])
